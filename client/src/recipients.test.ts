import type { Version } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { dialects, openSession } from '../test/open-session.ts'
import { addressOf, openPeople } from '../test/people.ts'
import { ScriptedServer } from '../test/scripted-server.ts'
import type { IncomingMessage } from './incoming.ts'
import type { Session } from './session.ts'

const [bob, carol] = ['bob', 'carol'].map(addressOf) as [string, string]
const friends = 'wv:alice/friends@example.com'

const next = async (session: Session): Promise<IncomingMessage> => {
  const messages = session.messaging.messages()
  const { value } = await messages.next()
  await value.confirm()
  await messages.return?.()
  return value
}

describe('a message, with the server,', () => {
  it.each(dialects)(
    'goes to a contact list, and each of its members is told what became of it; %s %s',
    async (...dialect) => {
      const { login } = await openPeople()
      const [sender, ...readers] = [await login('alice', dialect), await login('bob'), await login('carol')]
      await sender.contactLists.create(friends, { contacts: [{ userId: bob }, { userId: carol }] })
      const sent = await sender.messaging.send({ to: [{ contactList: friends }, bob], text: 'All', report: true })
      expect(sent.failed).toEqual([])
      const messages = await Promise.all(readers.map(next))
      expect(messages.map(({ text, info }) => [text, info.recipient.users[0]?.userId])).toEqual([
        ['All', bob],
        ['All', carol],
      ])
      const reports = sent.reports()
      const told = [(await reports.next()).value, (await reports.next()).value]
      expect(told.map(({ to }) => to).sort()).toEqual([bob, carol])
      await reports.return?.()
      const missing = sender.messaging.send({ to: { contactList: 'wv:alice/none@example.com' }, text: 'Nobody' })
      await expect(missing).rejects.toMatchObject({ name: 'ContactListDoesNotExist' })
    },
  )

  it('goes to one client of a user, and can be forwarded to another', async () => {
    const { login } = await openPeople()
    const sender = await login('alice')
    const [phone, computer] = [await login('bob', undefined, { delivery: 'notify' }), await login('bob')]
    await sender.messaging.send({ to: { userId: bob, clientId: phone.clientId }, text: 'For the phone' })
    await sender.messaging.send({ to: { userId: bob, clientId: computer.clientId.url! }, text: 'For the computer' })
    expect((await next(computer)).text).toBe('For the computer')
    const { value } = await phone.messaging.notifications().next()
    await phone.messaging.forwardMessage(value.id, [{ userId: bob, clientId: computer.clientId }])
    expect(await next(computer)).toMatchObject({ text: 'For the phone', from: bob })
  })

  it('says where its content is, how it is to be shown, and whatever else goes along', async () => {
    const { login } = await openPeople()
    const [sender, reader] = [await login('alice'), await login('bob', ['1.3', 'xml'])]
    const font = { size: 'Big', styles: ['Bold', 'Underline'], color: 'Navy' } as const
    const mood = { name: 'Mood', attributes: [], children: ['fine'] }
    const extension = { namespace: 'urn:mood', children: [mood] }
    await sender.messaging.send({ to: bob, text: 'Look', font, extensions: [extension] })
    const { text, info } = await next(reader)
    expect([text, info.font]).toEqual(['Look', font])
    expect(info.extBlockEtems).toMatchObject([{ attributes: [['xmlns', 'urn:mood']], children: [mood] }])
    await sender.messaging.send({ to: bob, uri: 'http://example.com/holiday.jpg', contentType: 'image/jpeg' })
    expect(await next(reader)).toMatchObject({
      ...{ text: undefined, bytes: undefined, contentType: 'image/jpeg' },
      info: { messageUri: 'http://example.com/holiday.jpg' },
    })
  })
})

describe('a message to several', () => {
  const requested = async (version: Version) => {
    const server = new ScriptedServer()
    server.on('SendMessageRequest', () => ({
      name: 'SendMessageResponse',
      body: { result: { code: 200 }, messageId: 'm1' },
    }))
    const session = await openSession(server, [version, 'xml'])
    const client = { userId: bob, clientId: 'urn:phone' }
    const to = [bob, bob, client, { ...client }, { userId: carol, applicationId: 'chess' }, { contactList: friends }]
    await session.messaging.send({ to, text: 'Hello', font: { size: 'Tiny' } })
    return server.seen.at(-1)?.primitive?.body
  }

  it('names each once', async () => {
    expect(await requested('1.3')).toMatchObject({
      messageInfo: {
        recipient: {
          users: [
            { userId: bob },
            { userId: bob, clientId: { url: 'urn:phone' } },
            { userId: carol, applicationId: 'chess' },
          ],
          contactLists: [friends],
        },
        font: { size: 'Tiny' },
      },
    })
  })

  it('says nothing of applications and fonts before 1.3', async () => {
    const body = await requested('1.2')
    expect(JSON.stringify(body)).not.toMatch(/chess|Tiny/)
  })
})
