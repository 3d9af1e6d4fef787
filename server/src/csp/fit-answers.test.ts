import type { CapabilityList, PrimitiveInput, TransactionInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { PhoneOptions, Reply } from '../testing/phone.ts'
import { openVillage, type Village } from '../testing/village.ts'

const syntaxes = ['xml', 'wbxml'] as const

const sizeOf = ({ outbound: { body } }: Reply) => Buffer.byteLength(body)
const namesIn = ({ message }: Reply) => message?.transactions.map(({ primitive }) => primitive?.name) ?? []
const asking = (id: string, primitive: PrimitiveInput): TransactionInput => ({ mode: 'Request', id, primitive })

const lists = (count: number) => Array.from({ length: count }, (_, index) => `wv:alice/list-${index}@example.com`)
const getList = { name: 'GetListRequest', body: {} } as const
const keepAlive = { name: 'KeepAliveRequest', body: {} } as const

/** Alice's phone, and a server that has twenty contact lists for her. */
async function open(options: PhoneOptions = {}) {
  const handlers = {
    GetListRequest: { handle: async () => ({ name: 'GetListResponse', body: { contactLists: lists(20) } }) },
  }
  const village = await openVillage({ handlers })
  const alice = await village.ready('alice', { version: '1.3', multiTrans: 4, perMessage: 4, ...options })
  agree(village, {}, ['GCLI', 'SGMNT'])
  return { village, alice }
}

const sessionOf = ({ core }: Village) => core.sessions.ofUser('wv:alice@example.com')[0]!
const agree = (village: Village, capabilities: Partial<CapabilityList>, services?: readonly string[]) => {
  const session = sessionOf(village)
  const { agreement } = session
  session.agreement = {
    ...agreement,
    capabilities: { ...agreement.capabilities!, ...capabilities },
    services: services ?? agreement.services,
  }
}

describe.each(syntaxes)('CSP 6.9.1: an answer whose size is about ParserSize, in %s', syntax => {
  it('has no more octets, with the flags of its message', async () => {
    for (const withCir of [false, true]) {
      const { village, alice } = await open({ syntax })
      if (withCir) {
        village.core.cir.use('STCP', { addresses: () => ({}), knock: () => false, isConnected: () => false })
        agree(village, { supportedCirMethods: ['STCP'] })
        await alice.ask(keepAlive)
        await village.world.pass(120)
      }
      const whole = await alice.exchange([asking('long', getList)])
      expect(whole.message?.cir).toBe(withCir ? false : undefined)
      const size = sizeOf(whole)
      for (let parserSize = size - 40; parserSize <= size; parserSize++) {
        agree(village, { parserSize })
        const reply = await alice.exchange([asking('long', getList)])
        expect(sizeOf(reply)).toBeLessThanOrEqual(parserSize)
        expect(reply.message?.transactions[0]?.segment === undefined).toBe(parserSize === size)
        expect(namesIn(reply)).toEqual(['GetListResponse'])
      }
    }
  })
})
