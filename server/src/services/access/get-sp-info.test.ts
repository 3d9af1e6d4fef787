import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const logo = { contentType: 'image/png', octets: new Uint8Array(3000).fill(200) }
const config = {
  'provider.name': 'Example & Sons',
  'provider.text': 'Tea at five',
  'provider.url': 'http://example.com/about',
}
const open = (more = {}) => openVillage({ config, logo, users: ['alice'], ...more })

const services = { fundamentalFeat: { serviceFunc: { getspi: true } } } as const
const request = (url?: string) =>
  ({ name: 'GetSPInfoRequest', body: { clientId: url === undefined ? undefined : { url } } }) as const

const info = async (phone: Phone, url?: string) =>
  expectPrimitive((await phone.ask(request(url))).primitive, 'GetSPInfoResponse')

describe.each(dialects)('CSP 6.8: provider information in $version $syntax', dialect => {
  const expected = {
    name: 'Example & Sons',
    description: 'Tea at five',
    url: 'http://example.com/about',
    logo: {
      contentType: 'image/png',
      contentEncoding: 'BASE64',
      contentSize: 4000,
      contentData: Buffer.from(logo.octets).toString('base64'),
    },
  }

  it('is told without a session, to the client that asked', async () => {
    const phone = (await open()).phone('nobody', dialect)
    expect(await info(phone, 'http://phone.example')).toEqual({
      ...expected,
      clientId: { url: 'http://phone.example' },
    })
  })

  it('is told inside a session that has agreed to it', async () => {
    const phone = await (await open()).ready('alice', dialect)
    expect(await phone.code(request(phone.clientId))).toBe(506)
    await phone.negotiate(services)
    expect(await info(phone, phone.clientId)).toMatchObject(expected)
    expect(await info(phone)).toMatchObject(expected)
  })
})

describe('CSP 6.8: provider information', () => {
  it('leaves the logo out where the client could not read it', async () => {
    const long = { ...logo, octets: new Uint8Array(24_000) }
    const phone = await (await open({ logo: long })).ready('alice')
    await phone.negotiate(services)
    expect(await info(phone)).not.toHaveProperty('logo.contentData')
  })

  it('is a name at least', async () => {
    const village = await openVillage({ users: [] })
    const { primitive } = await village.phone('nobody').ask(request('http://phone.example'))
    expect(codeOf(primitive)).toBeUndefined()
    expect(expectPrimitive(primitive, 'GetSPInfoResponse').name).toBe('Village')
  })
})
