import { type ContactAdmin, contactClient } from '@village/server'
import type { Command } from 'commander'
import { confirm } from './confirm.ts'
import { oneLine } from './printable.ts'
import { withServer } from './running-server.ts'
import { fail, type SettingsOptions, withSettings } from './settings.ts'

interface CreateOptions extends SettingsOptions {
  readonly name?: string
  readonly default?: true
}

interface DeleteOptions extends SettingsOptions {
  readonly yes?: boolean
}

interface AddOptions extends SettingsOptions {
  readonly nickname?: string
}

/** `village contact …`: the contact lists of users of a running server. */
export function registerContact(program: Command) {
  const contact = program
    .command('contact')
    .description('show and change the contact lists of users; their clients are told where they want to be')

  withSettings(contact.command('list <user-id>'))
    .description('the contact lists of a user')
    .addHelpText('after', '\nExample:\n  village contact list wv:alice@example.com\n')
    .action((userId: string, options: SettingsOptions) =>
      withServer(options, call => listAll(contactClient(call), userId)),
    )

  withSettings(contact.command('show <user-id> <list>'))
    .description('who is on a contact list, with nicknames')
    .addHelpText('after', examples('show wv:alice@example.com friends'))
    .action((userId: string, list: string, options: SettingsOptions) =>
      withServer(options, async call => {
        for (const { userId: id, nickName } of (await contactClient(call).show(userId, list)).contacts)
          console.log(`${id}\t${oneLine(nickName)}`)
      }),
    )

  withSettings(contact.command('create <user-id> <list>'))
    .description('create a contact list; the first one of a user is the default')
    .option('--name <name>', 'what its user reads; the last part of the address unless told otherwise')
    .option('--default', 'make it the default')
    .addHelpText('after', examples('create wv:alice@example.com colleagues --name "At work"'))
    .action((userId: string, list: string, { name, default: isDefault, ...options }: CreateOptions) =>
      withServer(options, async call => {
        const created = await contactClient(call).create(userId, { list, displayName: name, isDefault })
        console.log(`${created.list} was created.`)
      }),
    )

  withSettings(contact.command('delete <user-id> <list>'))
    .description('delete a contact list and who is on it')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('delete wv:alice@example.com colleagues'))
    .action(async (userId: string, list: string, options: DeleteOptions) => {
      if (!options.yes && !(await confirm(`Delete the contact list ${list} of ${userId}?`))) fail('nothing was deleted')
      await withServer(options, async call => {
        await contactClient(call).delete(userId, list)
        console.log('Deleted.')
      })
    })

  withSettings(contact.command('add <user-id> <list> <contact...>'))
    .description('put users on a contact list, or give one another nickname')
    .option('--nickname <name>', 'what the owner calls the contact, if it is one')
    .addHelpText('after', examples('add wv:alice@example.com friends wv:bob@example.com --nickname Bob'))
    .action((userId: string, list: string, added: string[], { nickname, ...options }: AddOptions) => {
      if (nickname !== undefined && added.length > 1)
        fail('--nickname is for one contact. Add the others by themselves.')
      const add = added.map(it => ({ userId: it, nickName: nickname }))
      return withServer(options, async call => sayCount(await contactClient(call).change(userId, list, { add })))
    })

  withSettings(contact.command('remove <user-id> <list> <contact...>'))
    .description('take users from a contact list')
    .addHelpText('after', examples('remove wv:alice@example.com friends wv:bob@example.com'))
    .action((userId: string, list: string, remove: string[], options: SettingsOptions) =>
      withServer(options, async call => sayCount(await contactClient(call).change(userId, list, { remove }))),
    )
}

const examples = (line: string) =>
  `\nA list is named by its address or the last part of it.\n\nExample:\n  village contact ${line}\n`

async function listAll(contacts: ContactAdmin, userId: string) {
  for (const { list, count, isDefault, displayName } of (await contacts.list(userId)).lists)
    console.log([list, contactsIn(count), isDefault ? 'default' : '-', oneLine(displayName)].join('\t'))
}

const contactsIn = (count: number) => (count === 1 ? '1 contact' : `${count} contacts`)

const sayCount = ({ list, count }: { readonly list: string; readonly count: number }) =>
  console.log(`${list} has ${contactsIn(count)} now.`)
