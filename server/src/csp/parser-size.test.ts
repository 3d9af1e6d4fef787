import { describe, expect, it } from 'vitest'
import { allMessaging, type Phone, pushed, type Reply } from '../testing/phone.ts'
import { dialects, openVillage } from '../testing/village.ts'

const limit = 4000
/** As many characters as the client reads octets, so that nothing is left for what is around them. */
const tooLong = 'x'.repeat(limit - 100)
const ok = { name: 'Status', body: { result: { code: 200 } } } as const

const sizeOf = ({ outbound: { body } }: Reply) => Buffer.byteLength(body)
const namesIn = ({ message }: Reply) => message?.transactions.map(({ primitive }) => primitive?.name) ?? []

const small = (parserSize = limit) => ({ capabilities: { parserSize, acceptedPullLength: 100_000 } })

/** Everything the server says of its own accord, confirmed; none of it is larger than the client reads. */
async function collect(phone: Phone, most = limit) {
  const came: string[] = []
  for (;;) {
    const reply = await phone.poll()
    if (reply.message === undefined) return came
    expect(sizeOf(reply)).toBeLessThanOrEqual(most)
    for (const { id, primitive } of reply.message.transactions) {
      came.push(primitive!.name)
      const messageId = primitive?.name === 'NewMessage' ? primitive.body.messageInfo.messageId : undefined
      await phone.answer(id, messageId === undefined ? ok : { name: 'MessageDelivered', body: { messageId } })
    }
  }
}

describe.each(dialects)(
  'CSP 6.9.1: a message that is larger than ParserSize when written, in $version $syntax',
  dialect => {
    it('is announced, once, to a client that can be told of messages', async () => {
      const village = await openVillage()
      const bob = await village.ready('bob', { ...dialect, ...small(), services: allMessaging })
      await (await village.ready('alice')).send('bob', tooLong)
      expect(await collect(bob)).toEqual(['MessageNotification'])
      await bob.negotiate({ fundamentalFeat: {}, ...allMessaging })
      expect(await collect(bob)).toEqual([])
      await bob.ask({ name: 'ClientCapabilityRequest', body: { capabilityList: { parserSize: 2 * limit } } })
      expect(await collect(bob, 2 * limit)).toEqual(['NewMessage'])
    })

    it('waits for another client of the user where this one can only be pushed messages', async () => {
      const village = await openVillage()
      const bob = await village.ready('bob', { ...dialect, ...small(), services: pushed })
      const alice = await village.ready('alice')
      await alice.send('bob', tooLong)
      await alice.send('bob', 'short')
      expect(await collect(bob)).toEqual(['NewMessage'])
      const other = await village.ready('bob', { clientId: 'other' })
      expect(await other.texts()).toEqual([tooLong])
    })
  },
)

describe('CSP 6.9.1: what the server says by itself', () => {
  it('is measured as it is written: five octets for an ampersand', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob', { ...small(), services: allMessaging })
    await (await village.ready('alice')).send('bob', '&'.repeat(800))
    expect(await collect(bob)).toEqual(['MessageNotification'])
  })

  it('goes in as many messages as it takes', async () => {
    const village = await openVillage()
    const several = { multiTrans: 4, perMessage: 4, version: '1.3' } as const
    const bob = await village.ready('bob', { ...several, ...small(12_000) })
    const alice = await village.ready('alice')
    for (const text of ['one', 'two', 'three']) await alice.send('bob', text + '&'.repeat(1200))
    const reply = await bob.poll()
    expect(namesIn(reply)).toEqual(['NewMessage'])
    expect(sizeOf(reply)).toBeLessThanOrEqual(12_000)
    expect(reply.message?.poll).toBe(true)
  })

  it('is the beginning of a System Message, where all of it is too long', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob', { version: '1.3', ...small() })
    const text = 'News, and more news. '.repeat(400)
    const announced = { text, requiresResponse: true, options: ['I agree'] }
    const { id } = await village.core.announce(announced, ['wv:bob@example.com'])
    const refused = await bob.exchange([
      { mode: 'Request', id: '1', primitive: { name: 'ServiceRequest', body: { allFunctionsRequest: true } } },
    ])
    const shown = await bob.poll()
    for (const reply of [refused, shown]) {
      const { body } = reply.message!.transactions[0]!.primitive as { body: any }
      const [first] = body.systemMessages ?? body.result.systemMessages
      expect(first.systemMessageId).toBe(id)
      expect(first.systemMessageText).toMatch(/^News, and more.*…$/)
      expect(first.answerOptions.answerOptions).toHaveLength(1)
      expect(sizeOf(reply)).toBeLessThanOrEqual(limit)
    }
  })
})
