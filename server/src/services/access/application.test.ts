import { describe, expect, it } from 'vitest'
import { openVillage } from '../../testing/village.ts'

describe('CSP 5.3.8: an application', () => {
  const open = () => openVillage({ config: { 'login.forbiddenApplications': ['SpyWare1.0'] } })

  it.each(['SpyWare1.0', 'spyware1.0 '])('that is forbidden is told 515: %j', async applicationId => {
    const phone = (await open()).phone('alice', { version: '1.3' })
    expect((await phone.loginStep({ digestSchemas: ['MD5'], applicationId })).result.code).toBe(515)
    expect(await phone.login({ applicationId })).toMatchObject({ result: { code: 515 }, sessionId: undefined })
    expect((await phone.login()).result.code).toBe(200)
  })

  it('may be the same in several clients of a user', async () => {
    const village = await open()
    for (const clientId of ['one', 'two']) {
      const phone = village.phone('alice', { version: '1.3', clientId })
      expect((await phone.login({ applicationId: 'Chess1.1' })).result.code).toBe(200)
    }
    const sessions = village.core.sessions.ofUser('wv:alice@example.com')
    expect(sessions.map(({ applicationId }) => applicationId)).toEqual(['Chess1.1', 'Chess1.1'])
  })
})
