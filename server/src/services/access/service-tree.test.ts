import type { ServiceTree, Version } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { expectPrimitive } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'
import { namesIn, treeOf, treeWithout } from './service-tree.ts'

describe('CSP 6.9.1: the names a tree stands for', () => {
  const names = (tree: ServiceTree) => [...namesIn(tree)]

  it('a branch without anything below it means all below it', () => {
    expect(names({ imFeat: { imSendFunc: {} } })).toEqual(['WVCSPFeat', 'IMFeat', 'IMSendFunc', 'MDELIV', 'FWMSG'])
    expect(names({ groupFeat: {} })).toEqual(expect.arrayContaining(['GroupFeat', 'GroupMgmtFunc', 'CREAG', 'GETJU']))
  })

  it('a branch with something below it means just that', () => {
    expect(names({ imFeat: { imReceiveFunc: { newm: true } } })).toEqual([
      'WVCSPFeat',
      'IMFeat',
      'IMReceiveFunc',
      'NEWM',
    ])
  })

  it('what came later is meant only where it is named', () => {
    expect(names({ presenceFeat: {} })).not.toContain('NCLS')
    expect(names({ presenceFeat: { contListFunc: { ncls: true } } })).toContain('NCLS')
  })

  it('a marker means the feature with its mandatory functions, and is no name itself', () => {
    expect(names({ imFeat: { mm: true } })).toEqual(['WVCSPFeat', 'IMFeat'])
    expect(names({ imFeat: {} })).not.toContain('MM')
  })

  it('an empty tree asks for nothing', () => {
    expect(names({})).toEqual([])
  })
})

describe('CSP 6.9.1: the tree that stands for names', () => {
  it('names each leaf, and a feature without any by its marker', () => {
    expect(treeOf(new Set(['IMFeat', 'IMSendFunc', 'MDELIV']))).toEqual({ imFeat: { imSendFunc: { mdeliv: true } } })
    expect(treeOf(new Set(['IMFeat']))).toEqual({ imFeat: { mm: true } })
    expect(treeOf(new Set())).toEqual({})
  })
})

describe('CSP 6.9.1: what was asked for and is not available', () => {
  const offered = new Set(['IMFeat', 'IMSendFunc', 'MDELIV', 'ContListFunc', 'GCLI'])
  const without = (tree: ServiceTree) => treeWithout(namesIn(tree), offered)

  it.each<[ServiceTree, ServiceTree]>([
    [{ imFeat: { imSendFunc: { mdeliv: true } } }, {}],
    [{ imFeat: { imSendFunc: {} } }, { imFeat: { imSendFunc: { fwmsg: true } } }],
    [{ imFeat: { mm: true } }, {}],
    [{ imFeat: {} }, { imFeat: { imSendFunc: { fwmsg: true }, imReceiveFunc: {}, imAuthFunc: {} } }],
    [{ groupFeat: { groupUseFunc: { subgcn: true } } }, { groupFeat: {} }],
    [{ groupFeat: { mg: true }, imFeat: { mm: true } }, { groupFeat: {} }],
    [{}, {}],
    // Of presence there are functions, and the mandatory ones are not among them.
    [{ presenceFeat: { mp: true } }, { presenceFeat: { mp: true } }],
    [{ presenceFeat: { contListFunc: { gcli: true } } }, { presenceFeat: { mp: true } }],
    [
      { presenceFeat: { contListFunc: { gcli: true, dcli: true } } },
      { presenceFeat: { contListFunc: { dcli: true } } },
    ],
  ])('of %j: %j', (tree, missing) => {
    expect(without(tree)).toEqual(missing)
  })
})

describe('CSP 6.9.1: notifications of contact list changes (NCLS)', () => {
  const ask = async (version: Version, contListFunc: object) => {
    const village = await openVillage()
    const phone = village.phone('alice', { version })
    await phone.login()
    const { primitive } = await phone.negotiate({ presenceFeat: { contListFunc } })
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    const { functions } = expectPrimitive(primitive, 'ServiceResponse')
    return { functions, agreed: session?.agreement.services }
  }

  it('are agreed on in 1.3 by those who name them', async () => {
    expect((await ask('1.3', { gcli: true, ncls: true })).agreed).toContain('NCLS')
    expect((await ask('1.2', { gcli: true, ncls: true })).agreed).not.toContain('NCLS')
  })

  it('are neither agreed on nor mentioned where all contact lists are asked for', async () => {
    const { functions, agreed } = await ask('1.3', {})
    expect(JSON.stringify(functions ?? {})).not.toContain('ncls')
    expect(agreed).toContain('MCLS')
    expect(agreed).not.toContain('NCLS')
  })

  it('are among all that there is, in 1.3', async () => {
    const lists = async (version: Version) => {
      const phone = (await openVillage()).phone('alice', { version })
      await phone.login()
      const { primitive } = await phone.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
      return expectPrimitive(primitive, 'ServiceResponse').allFunctions?.presenceFeat?.contListFunc
    }
    expect(await lists('1.3')).toMatchObject({ mcls: true, ncls: true })
    expect((await lists('1.2'))?.ncls).toBeUndefined()
  })
})

describe.each(dialects)('Service negotiation in $version $syntax', dialect => {
  it('tells all functions there are, and nothing by a bare element', async () => {
    const phone = (await openVillage()).phone('alice', dialect)
    await phone.login()
    const { primitive } = await phone.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
    expect(primitive).toEqual({
      name: 'ServiceResponse',
      body: {
        clientId: undefined,
        functions: undefined,
        allFunctions: expect.objectContaining({
          imFeat: expect.objectContaining({
            imSendFunc: expect.objectContaining({ mdeliv: true }),
            imReceiveFunc: expect.objectContaining({ newm: true }),
          }),
        }),
      },
    })
    const written = JSON.stringify((primitive as { body: { allFunctions: unknown } }).body.allFunctions)
    expect(written).not.toContain('{}')
    const segments = dialect.version === '1.3' ? { sgmnt: true } : {}
    expect(JSON.parse(written).fundamentalFeat).toEqual({ serviceFunc: { getspi: true, ...segments } })
  })

  it('a bare root asks for everything; the answer leaves out what there is', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', dialect)
    await phone.login()
    const everything = { fundamentalFeat: {}, presenceFeat: {}, imFeat: {}, groupFeat: {} }
    const { primitive } = await phone.negotiate(everything)
    expect(primitive).toMatchObject({ body: { functions: { groupFeat: {} } } })
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    expect(session?.agreement.services).toEqual(expect.arrayContaining(['FundamentalFeat', 'IMFeat', 'NEWM', 'MDELIV']))
  })

  it('with one branch of a feature come its mandatory functions, and no other branch', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', dialect)
    await phone.login()
    const lists = { gcli: true, ccli: true, dcli: true, mcls: true } as const
    const { primitive } = await phone.negotiate({ presenceFeat: { contListFunc: lists } })
    expect(expectPrimitive(primitive, 'ServiceResponse').functions ?? {}).toEqual({})
    expect(await phone.code({ name: 'GetListRequest', body: {} })).toBeUndefined()
    const watch = { name: 'SubscribePresenceRequest', body: { userIds: ['wv:bob@example.com'] } } as const
    expect(await phone.code(watch)).toBe(200)
    const look = { name: 'GetPresenceRequest', body: { userIds: ['wv:bob@example.com'] } } as const
    expect(await phone.code(look)).toBe(506)
  })

  it('attribute lists and reactive authorization are services of their own until 1.2', async () => {
    const village = await openVillage()
    const phone = village.phone('alice', dialect)
    await phone.login()
    await phone.negotiate({ presenceFeat: {} })
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    const until12 = ['REACT', 'CAAUT', 'GETAUT', 'CALI', 'DALI', 'GALS']
    const agreed = until12.filter(name => session?.agreement.services.includes(name))
    const offered = { '1.1': until12.filter(name => name !== 'GETAUT'), '1.2': until12, '1.3': [] }
    expect(agreed).toEqual(offered[dialect.version])
  })

  it('400 for a request that asks for nothing at all', async () => {
    const phone = (await openVillage()).phone('alice', dialect)
    await phone.login()
    expect(await phone.code({ name: 'ServiceRequest', body: { allFunctionsRequest: false } })).toBe(400)
  })
})
