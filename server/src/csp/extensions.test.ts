import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive, type Phone } from '../testing/phone.ts'
import { dialects, openVillage } from '../testing/village.ts'

const foreign = (name: string) => ({
  name,
  attributes: [['xmlns', 'http://example.org/ext']] as const,
  children: [{ name: 'Wave', attributes: [], children: ['twice'] }],
})
const extensions = [foreign('ExtBlock')]
const alive = { name: 'KeepAliveRequest', body: {} } as const

const asks = async (phone: Phone, primitive: Parameters<Phone['ask']>[0]) => {
  const { message } = await phone.exchange([{ mode: 'Request', id: phone.nextId(), primitive, extensions }])
  return message?.transactions[0]?.primitive
}

describe.each(dialects.filter(({ version }) => version > '1.1'))('CSP 12 in $version $syntax', dialect => {
  const ignored = dialect.version === '1.3' ? 203 : 200

  it('an unknown extension block is ignored, and the request carried out', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', dialect)
    expect(codeOf(await asks(phone, alive))).toBe(ignored)
    const sent = await asks(phone, phone.message('bob', 'hello'))
    expect(expectPrimitive(sent, 'SendMessageResponse').result.code).toBe(ignored)
    expect(await (await village.ready('bob')).texts()).toEqual(['hello'])
  })

  it('a failure stays one', async () => {
    const phone = await (await openVillage()).ready('alice', dialect)
    expect(codeOf(await asks(phone, phone.message('nobody', 'hello')))).toBe(531)
  })

  it('a request in a foreign namespace is ignored without an error', async () => {
    const phone = await (await openVillage()).ready('alice', dialect)
    expect(await phone.code({ name: 'ExtendedRequest', body: foreign('Extended-Request') })).toBe(ignored)
    expect(await phone.code(alive)).toBe(200)
  })
})
