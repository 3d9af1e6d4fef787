import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../store/store.ts'
import { codeOf, expectPrimitive } from '../../testing/phone.ts'
import { dialects, openVillage, type VillageOptions } from '../../testing/village.ts'

type List = NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>

const agree = async (list: Partial<List>, dialect: (typeof dialects)[number], options?: VillageOptions) => {
  const phone = (await openVillage(options)).phone('alice', dialect)
  await phone.login()
  const body = { capabilityList: list }
  const { primitive } = await phone.ask({ name: 'ClientCapabilityRequest', body })
  return expectPrimitive(primitive, 'ClientCapabilityResponse').agreedCapabilityList
}

const v11 = { version: '1.1', syntax: 'xml' } as const
const v12 = { version: '1.2', syntax: 'xml' } as const
const v13 = { version: '1.3', syntax: 'wbxml' } as const

describe('CSP 6.9.1: capability negotiation', () => {
  it.each(dialects)('agrees on bearer and pauses between polls in $version $syntax', async dialect => {
    const agreed = await agree(
      { serverPollMin: 1, supportedBearers: ['HTTPS', 'SMS'], supportedCirMethods: ['STCP'] },
      dialect,
    )
    expect(agreed).toMatchObject({ serverPollMin: 5, supportedBearers: ['HTTP'], supportedCirMethods: [] })
  })

  it('repeats to 1.1 what kind of client it is, and all numbers', async () => {
    expect(
      await agree({ clientType: 'PDA', initialDeliveryMethod: 'P', multiTrans: 3, parserSize: 9000 }, v11),
    ).toMatchObject({
      clientType: 'PDA',
      initialDeliveryMethod: 'P',
    })
  })

  it('tells 1.3 only what was changed', async () => {
    const agreed = await agree({ multiTrans: 4, parserSize: 9000, serverPollMin: 30, sessionPriority: 3 }, v13)
    expect(agreed).toMatchObject({ multiTrans: undefined, parserSize: undefined, serverPollMin: undefined })
    const changed = await agree({ multiTrans: 40, sessionPriority: 30, onlineEtemHandling: 'DETECT' }, v13)
    expect(changed).toMatchObject({ multiTrans: 16, sessionPriority: 10, onlineEtemHandling: 'SERVERLOGIC' })
  })

  it('agrees on WSP, which gateways turn into HTTP, and not on SMS', async () => {
    expect((await agree({ supportedBearers: ['SMS', 'wsp'] }, v13))?.supportedBearers).toEqual(['WSP'])
    expect((await agree({ supportedBearers: ['WSP', 'HTTPS', 'HTTP'] }, v12))?.supportedBearers).toEqual([
      'HTTP',
      'WSP',
    ])
  })

  it('does not tell 1.3 of what it did not ask for, nor a limit of sessions, which needs one for each access point', async () => {
    const agreed = await agree({ supportedBearers: ['HTTP'] }, v13)
    expect(Object.entries(agreed!).filter(([, value]) => value !== undefined && !Array.isArray(value))).toEqual([])
  })

  it('answers DETECT with the setting of the user, and says nothing where it is what was asked for', async () => {
    expect((await agree({ onlineEtemHandling: 'DETECT' }, v13))?.onlineEtemHandling).toBe('SERVERLOGIC')
    for (const wish of ['FORKALL', 'SERVERLOGIC'] as const)
      expect((await agree({ onlineEtemHandling: wish }, v13))?.onlineEtemHandling).toBeUndefined()
  })

  it.each(['PRIORITYREJECT', 'PRIORITYSTORE', 'REJECT', 'SENDREJECT', 'SENDSTORE'] as const)(
    'takes the wish %s for messages while offline as it is',
    async wish => {
      expect((await agree({ offlineEtemHandling: wish }, v13))?.offlineEtemHandling).toBeUndefined()
    },
  )

  it('never raises what the client asked for, and never goes below one', async () => {
    expect(await agree({ multiTrans: 0, multiTransPerMessage: 0 }, v13)).toMatchObject({
      multiTrans: 1,
      multiTransPerMessage: 1,
    })
  })

  it('takes text in the character sets it can write, in XML in UTF-8 and US-ASCII only', async () => {
    const charsets = { plainTextCharsets: [3, 4, 106, 1000, 1015] }
    expect((await agree(charsets, { ...v13, syntax: 'xml' }))?.plainTextCharsets).toEqual([3, 106])
    expect((await agree(charsets, v13))?.plainTextCharsets).toEqual([3, 4, 106, 1015])
  })

  it('asks for the pause between polls that the server is set to', async () => {
    const slow = { config: { 'poll.minSeconds': 60 } }
    expect((await agree({ serverPollMin: 10 }, v12, slow))?.serverPollMin).toBe(60)
  })

  it('puts the capability list first where the request had no Client-ID', async () => {
    const phone = (await openVillage()).phone('alice', v12)
    await phone.login()
    const request = {
      name: 'ClientCapabilityRequest',
      body: { capabilityList: { supportedBearers: ['HTTP'] } },
    } as const
    const { outbound } = await phone.exchange([{ mode: 'Request', id: '2', primitive: request }])
    expect(String(outbound.body)).toMatch(/<ClientCapability-Response><AgreedCapabilityList>/)
  })

  it('of services needs one to agree on, and else leaves what was agreed', async () => {
    const phone = await (await openVillage()).ready('alice')
    const ask = (allFunctionsRequest: boolean) =>
      phone.ask({ name: 'ServiceRequest', body: { functions: { groupFeat: {} }, allFunctionsRequest } })
    expect(codeOf((await ask(false)).primitive)).toBe(506)
    expect(expectPrimitive((await ask(true)).primitive, 'ServiceResponse').functions).toEqual({ groupFeat: {} })
    expect((await phone.send('bob', 'still agreed')).primitive?.name).toBe('SendMessageResponse')
  })

  describe('again and again', () => {
    const counting = async () => {
      let commits = 0
      const around = (store: Store): Store => ({
        ...store,
        commit: (...unit) => {
          commits++
          return store.commit(...unit)
        },
      })
      const village = await openVillage({ around })
      const phone = await village.ready('alice', { version: '1.3', multiTrans: 2 })
      const ask = (multiTrans: number) =>
        phone.code({ name: 'ClientCapabilityRequest', body: { capabilityList: { multiTrans } } })
      await ask(2)
      const written = async (run: () => Promise<unknown>) => {
        const before = commits
        await run()
        return commits - before
      }
      return { village, phone, ask, written }
    }

    it('writes nothing where nothing changes, in services and abilities and keep-alive time', async () => {
      const { village, phone, ask, written } = await counting()
      const keepAlive = () => phone.code({ name: 'KeepAliveRequest', body: { timeToLive: 300 } })
      const services = () =>
        phone.ask({ name: 'ServiceRequest', body: { functions: { imFeat: {} }, allFunctionsRequest: false } })
      for (const again of [() => ask(2), keepAlive, services]) {
        await again()
        const wake = village.core.sessions.ofUser('wv:alice@example.com')[0]!
        let isWoken = false
        wake.onWake = () => {
          isWoken = true
        }
        expect(await written(async () => Promise.all([again(), again()]))).toBe(0)
        expect(isWoken).toBe(false)
      }
    })

    it('503 after 30 changes in a minute, while the session goes on as it was', async () => {
      const { village, phone, ask } = await counting()
      await village.world.pass(60)
      const answers: unknown[] = []
      for (let count = 0; count < 31; count++) answers.push(await ask((count % 2) + 3))
      expect(answers.filter(code => code === 503)).toHaveLength(1)
      const [session] = village.core.sessions.ofUser('wv:alice@example.com')
      expect(session?.agreement.capabilities?.multiTrans).toBe(4)
      expect(await ask(4)).toBeUndefined()
      expect((await phone.send('bob', 'still here')).primitive?.name).toBe('SendMessageResponse')
      await village.world.pass(60)
      expect(await ask(3)).toBeUndefined()
    })
  })

  it('may be done again, and outlives a restart', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', { version: '1.3', multiTrans: 4 })
    village.restart()
    await phone.code({ name: 'KeepAliveRequest', body: {} })
    expect(village.core.sessions.ofUser('wv:alice@example.com')[0]?.agreement.capabilities?.multiTrans).toBe(4)
  })

  it('serves a client of 1.1 that is silent about itself', async () => {
    const phone = (await openVillage()).phone('alice', v11)
    await phone.login()
    const { primitive } = await phone.ask({ name: 'ClientCapabilityRequest', body: {} })
    expect(expectPrimitive(primitive, 'ClientCapabilityResponse').agreedCapabilityList?.supportedBearers).toEqual([
      'HTTP',
    ])
  })
})
