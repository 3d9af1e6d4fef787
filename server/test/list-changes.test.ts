import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HttpPhone } from './process/http-phone.ts'
import { addUsers, freePort, ServerProcess, type ServerSettings } from './process/server-process.ts'

const romeo = 'wv:romeo@example.com'
const friends = 'wv:romeo/friends@example.com'

const agree = (phone: HttpPhone, ncls?: true) => {
  const contListFunc = { ccli: true, mcls: true, ncls } as const
  return phone.ask({
    name: 'ServiceRequest',
    body: { functions: { presenceFeat: { contListFunc } }, allFunctionsRequest: false },
  })
}

/** One poll: whom the client is told that they were added, and what it is to answer. */
async function polled(phone: HttpPhone) {
  const transactions = (await phone.hold())?.message?.transactions ?? []
  const added = transactions.flatMap(({ primitive }) =>
    primitive?.name === 'ListManageNotificationRequest' ? (primitive.body.addNickList ?? []) : [],
  )
  return { added: added.map(({ name }) => name), ids: transactions.map(({ id }) => id) }
}

it('what was confirmed of contact lists is not told again after SIGKILL, what was not is', {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'village-lists-'))
  const settings: ServerSettings = {
    data: join(folder, 'data'),
    port: await freePort(),
    settings: { 'poll.holdSeconds': '0' },
  }
  await addUsers(settings, [romeo])
  let server = await ServerProcess.start(settings)
  const phoneOf = (clientUrl: string, syntax: 'xml' | 'wbxml') =>
    new HttpPhone(romeo, settings.port, '1.3', syntax, { clientUrl })
  const [phone, tablet] = [phoneOf('phone', 'xml'), phoneOf('tablet', 'wbxml')]
  const restart = async () => {
    await server.end('SIGKILL')
    server = await ServerProcess.start(settings)
  }
  const add = (name: string) => {
    const addNickList = [{ userId: `wv:${name.toLowerCase()}@elsewhere.org`, name }] as const
    return phone.ask({ name: 'ListManageRequest', body: { contactList: friends, addNickList, receiveList: false } })
  }
  try {
    for (const one of [phone, tablet]) await one.logIn()
    await agree(phone)
    await agree(tablet, true)
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    await add('Juliet')
    await add('Mercutio')
    const first = await polled(tablet)
    expect(first.added).toEqual(['Juliet', 'Mercutio'])
    await tablet.confirm(first.ids)
    await restart()
    expect((await polled(tablet)).added).toEqual([])

    await add('Benvolio')
    expect((await polled(tablet)).added).toEqual(['Benvolio'])
    await restart()
    await add('Rosaline')
    const second = await polled(tablet)
    expect(second.added).toEqual(['Benvolio', 'Rosaline'])
    await tablet.confirm(second.ids)
    await restart()
    expect((await polled(tablet)).added).toEqual([])
    expect([phone.sessionsLost, tablet.sessionsLost]).toEqual([0, 0])
  } finally {
    for (const one of [phone, tablet]) one.close()
    await server.end('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})
