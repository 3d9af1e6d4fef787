import { describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import { allMessaging, codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage, type VillageOptions } from '../../testing/village.ts'

const open = async (options?: VillageOptions) => {
  const village = await openVillage(options)
  return { village, alice: await village.ready('alice'), bob: await village.ready('bob') }
}

const resultOf = async (sending: ReturnType<Phone['send']>) => {
  const body = (await sending).primitive?.body as { result: { code: number; details?: readonly object[] } }
  return body.result
}

describe.each(dialects)('CSP 9.1.1: a message in $version $syntax', dialect => {
  it('reaches a client of each version and syntax, with the Message-ID its sender was told', async () => {
    for (const other of dialects) {
      const village = await openVillage()
      const [alice, bob] = [await village.ready('alice', dialect), await village.ready('bob', other)]
      const sent = expectPrimitive((await alice.send('wv:bob', 'Grüße & <Küsse> 😀')).primitive, 'SendMessageResponse')
      expect(sent.result).toMatchObject({ code: 200, details: [] })
      const [came] = await bob.collect()
      expect(came).toMatchObject({
        contentData: 'Grüße & <Küsse> 😀',
        messageInfo: { messageId: sent.messageId, contentType: 'text/plain', dateTime: new Date(village.world.now()) },
      })
      // CSP 5.3.2, 5.5.2: qualified where the server speaks first, and nobody but the recipient is named.
      expect(came?.messageInfo.sender.user?.userId).toBe('wv:alice@example.com')
      expect(came?.messageInfo.recipient.users.map(({ userId }) => userId)).toEqual(['wv:bob@example.com'])
    }
  })

  it('carries octets as they are', async () => {
    const village = await openVillage()
    const [alice, bob] = [
      await village.ready('alice', dialect),
      await village.ready('bob', { ...dialect, syntax: 'wbxml' }),
    ]
    const octets = Uint8Array.from({ length: 256 }, (_, index) => index)
    const request = alice.message('bob', '') as { name: 'SendMessageRequest'; body: object }
    const info = { ...(request.body as { messageInfo: object }).messageInfo, contentType: 'image/gif' }
    const encoding = dialect.syntax === 'xml' ? { contentEncoding: 'BASE64' } : {}
    const body = { ...request.body, messageInfo: { ...info, ...encoding }, contentData: octets } as never
    expect((await alice.ask({ name: 'SendMessageRequest', body })).primitive?.name).toBe('SendMessageResponse')
    expect((await bob.collect())[0]).toMatchObject({ messageInfo: { contentType: 'image/gif' } })
  })
})

describe('CSP 5.6.1: content in BASE64', () => {
  const encoded = (phone: Phone, contentData: string) =>
    phone.send('bob', contentData, { info: { contentType: 'image/gif', contentEncoding: 'BASE64' } })

  it('reaches binary clients as the octets it is, and those that read XML as it was sent', async () => {
    for (const syntax of ['wbxml', 'xml'] as const) {
      const village = await openVillage()
      const [alice, bob] = [await village.ready('alice'), await village.ready('bob', { syntax })]
      await encoded(alice, 'R0lG\nODlh')
      const [came] = await bob.collect()
      const { contentEncoding, contentSize } = came!.messageInfo
      const octets = new TextEncoder().encode('GIF89a')
      expect([came?.contentData, contentEncoding, contentSize]).toEqual(
        syntax === 'wbxml' ? [octets, undefined, 6] : ['R0lG\nODlh', 'BASE64', 9],
      )
    }
  })

  it('400 where it is none, from a binary client too', async () => {
    for (const syntax of ['xml', 'wbxml'] as const) {
      const alice = await (await openVillage()).ready('alice', { syntax })
      expect((await resultOf(encoded(alice, 'R0lGODlh!'))).code).toBe(400)
      if (syntax === 'wbxml') expect((await resultOf(octets(alice, 'R0lGODlh!', 'image/gif', 'BASE64'))).code).toBe(400)
    }
  })

  const octets = (phone: Phone, text: string, contentType: string, contentEncoding?: string) => {
    const { name, body } = phone.message('bob', text, { info: { contentType, contentEncoding } }) as {
      name: 'SendMessageRequest'
      body: object
    }
    return phone.ask({ name, body: { ...body, contentData: Uint8Array.from(Buffer.from(text, 'latin1')) } as never })
  }

  it('is the same as octets of a binary client, for whoever reads it', async () => {
    for (const syntax of ['wbxml', 'xml'] as const) {
      const village = await openVillage()
      const [alice, bob] = [await village.ready('alice', { syntax: 'wbxml' }), await village.ready('bob', { syntax })]
      expect((await octets(alice, 'R0lGODlh', 'image/gif', 'BASE64')).primitive?.name).toBe('SendMessageResponse')
      const [came] = await bob.collect()
      expect([came?.contentData, came?.messageInfo.contentEncoding]).toEqual(
        syntax === 'wbxml' ? [new TextEncoder().encode('GIF89a'), undefined] : ['R0lGODlh', 'BASE64'],
      )
    }
  })

  it('reaches all as text where it is text in a known character set', async () => {
    const village = await openVillage()
    const [alice, carol] = [await village.ready('alice'), await village.ready('carol', { syntax: 'wbxml' })]
    const info = { contentType: 'text/plain; charset=iso-8859-1', contentEncoding: 'BASE64' }
    for (const syntax of ['wbxml', 'xml'] as const) {
      const bob = await village.ready('bob', { syntax, clientId: syntax })
      await alice.send('bob', 'Z3L83w==', { info })
      await octets(carol, 'gr\xfc\xdf', 'text/plain; charset=iso-8859-1')
      const came = await bob.collect()
      expect(came.map(({ contentData }) => contentData)).toEqual(['grüß', 'grüß'])
      for (const { messageInfo } of came)
        expect(messageInfo).toMatchObject({ contentType: 'text/plain; charset=utf-8', contentSize: 4 })
      for (const { messageInfo } of came) expect(messageInfo.contentEncoding).toBeUndefined()
    }
  })
})

describe('CSP 6.9.1: text for a binary client that reads ISO-8859-1 alone', () => {
  it('is announced, listed, fetched and pushed as octets in that set, where it has all characters', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice')
    const capabilities = { plainTextCharsets: [4], initialDeliveryMethod: 'N' as const }
    const bob = await village.ready('bob', { syntax: 'wbxml', capabilities, services: allMessaging })
    expect(bob.agreed?.plainTextCharsets ?? []).toEqual([])
    await alice.send('bob', 'grüß')
    await alice.send('bob', 'с')
    const list = await bob.ask({ name: 'GetMessageListRequest', body: {} })
    const { messageInfos } = expectPrimitive(list.primitive, 'GetMessageListResponse')
    expect(messageInfos?.map(it => it.contentType)).toEqual(['text/plain; charset=iso-8859-1', 'text/plain'])
    await bob.code({ name: 'SetDeliveryMethodRequest', body: { deliveryMethod: 'P' } })
    const [latin, cyrillic] = await bob.collect()
    expect(latin).toMatchObject({
      contentData: Uint8Array.from(Buffer.from('grüß', 'latin1')),
      messageInfo: { contentType: 'text/plain; charset=iso-8859-1', contentSize: 4 },
    })
    expect(cyrillic?.contentData).toBe('с')
  })
})

describe('CSP 9.2: ContentSize', () => {
  it('counts characters, in either syntax, and so do the limits of clients', async () => {
    const smiles = '😀'.repeat(10)
    for (const syntax of ['wbxml', 'xml'] as const) {
      const village = await openVillage()
      const [alice, bob] = [
        await village.ready('alice'),
        await village.ready('bob', { version: '1.3', syntax, capabilities: { acceptedTextContentLength: 10 } }),
      ]
      await alice.send('bob', smiles)
      await alice.send('bob', `${smiles}x`)
      const came = await bob.collect()
      expect(came.map(({ contentData, messageInfo }) => [contentData, messageInfo.contentSize])).toEqual([[smiles, 10]])
    }
  })

  it('is there for a message that only refers to its content', async () => {
    const { alice, bob } = await open()
    const { name, body } = alice.message('bob', '') as { name: 'SendMessageRequest'; body: { messageInfo: object } }
    for (const contentSize of [undefined, 77]) {
      const messageInfo = { ...body.messageInfo, messageUri: 'http://example.com/picture', contentSize }
      await alice.ask({ name, body: { deliveryReport: false, messageInfo } as never })
    }
    const came = await bob.collect()
    expect(came.map(({ messageInfo }) => messageInfo.contentSize)).toEqual([0, 77])
  })
})

describe('CSP 9.1.1: a message without a letter in it', () => {
  it('arrives as one', async () => {
    const { alice, bob } = await open()
    expect((await resultOf(alice.send('bob', ''))).code).toBe(200)
    expect(await bob.texts()).toEqual([''])
  })
})

describe('CSP 5.5.2.1: a message to one client of a user', () => {
  const directed = async (isOnline: boolean) => {
    const { village, alice } = await open({ users: ['alice', 'bob'] })
    const pda = await village.ready('bob', { clientId: 'pda' })
    await village.world.pass(1)
    const latest = await village.ready('bob', { clientId: 'latest' })
    if (!isOnline) await pda.code({ name: 'LogoutRequest', body: {} })
    const recipient = { users: [{ userId: 'wv:bob', clientId: { url: 'pda' } }] }
    expect((await resultOf(alice.send([], 'hello', { recipient }))).code).toBe(200)
    return [isOnline ? await pda.texts() : [], await latest.texts()]
  }

  it('goes to that client, or to another where it is not there', async () => {
    expect(await directed(true)).toEqual([['hello'], []])
    expect(await directed(false)).toEqual([[], ['hello']])
  })
})

describe('CSP 5.5.2.1: a message to a user in several ways', () => {
  const bobs = async () => {
    const { village, alice } = await open({ users: ['alice', 'bob'], config: { 'history.days': 7 } })
    const phones = []
    for (const clientId of ['b1', 'b2', 'b3']) {
      phones.push(await village.ready('bob', { clientId, version: '1.3', services: allMessaging }))
      await village.world.pass(1)
    }
    const send = (...ways: readonly object[]) => {
      const recipient = { users: ways.map(way => ({ userId: 'wv:bob', ...way })) }
      return alice.send([], 'hello', { recipient, report: true })
    }
    return { village, alice, phones, send }
  }
  const [toB1, toB2] = [{ clientId: { url: 'b1' } }, { clientId: { url: 'b2' } }]

  it.each<[string, object[], number[]]>([
    ['two clients', [toB1, toB2], [1, 1, 0]],
    ['a client named twice', [toB1, { clientId: { url: 'B1' } }], [1, 0, 0]],
    ['the user and a client', [{}, toB1], [1, 0, 1]],
    ['a client and the user', [toB1, {}], [1, 0, 1]],
  ])('reaches each once: %s', async (_, ways, expected) => {
    const { village, alice, phones, send } = await bobs()
    const { messageId, result } = expectPrimitive((await send(...ways)).primitive, 'SendMessageResponse')
    expect(result.code).toBe(200)
    for (const [index, phone] of phones.entries()) {
      const came = await phone.collect()
      expect(came.map(({ messageInfo }) => messageInfo.messageId)).toEqual(Array(expected[index]).fill(messageId))
      // No client is told of the others.
      for (const { messageInfo } of came) expect(messageInfo.recipient.users).toHaveLength(1)
    }
    expect(await village.store.mailboxes.countAll()).toBe(1)
    const reports = (await alice.poll()).message?.transactions.map(({ primitive }) => primitive?.name)
    expect(reports).toEqual(['DeliveryReportRequest'])
    expect(await village.store.history.page('wv:bob@example.com', 0, 10, 10_000)).toHaveLength(1)
  })

  it('is listed for each until it has it, over a crash', async () => {
    const { village, phones, send } = await bobs()
    await send(toB1, toB2)
    const isListed = async (phone: Phone) =>
      (await phone.ask({ name: 'GetMessageListRequest', body: {} })).primitive?.name === 'GetMessageListResponse'
    const listed = async () => [await isListed(phones[0]!), await isListed(phones[1]!), await isListed(phones[2]!)]
    expect(await listed()).toEqual([true, true, false])
    expect(await phones[0]!.texts()).toEqual(['hello'])
    village.restart()
    expect(await listed()).toEqual([false, true, false])
    expect([await phones[0]!.texts(), await phones[1]!.texts()]).toEqual([[], ['hello']])
    expect(await village.store.mailboxes.count('wv:bob@example.com', 'message')).toBe(0)
  })

  it('is told of what only one of them does not want, 410', async () => {
    const { village, phones, send } = await bobs()
    const gone = await village.ready('bob', {
      clientId: 'b4',
      version: '1.3',
      capabilities: { offlineEtemHandling: 'REJECT' },
    })
    await gone.code({ name: 'LogoutRequest', body: {} })
    const answer = await send(toB1, { clientId: { url: 'b4' } })
    expect(expectPrimitive(answer.primitive, 'SendMessageResponse').result).toMatchObject({
      code: 201,
      details: [{ code: 410, userIds: ['wv:bob'] }],
    })
    expect(await phones[0]!.texts()).toEqual(['hello'])
  })
})

describe('CSP 9.1.1: to several recipients', () => {
  it('delivers to each of them once, without telling one of the other', async () => {
    const { village, alice, bob } = await open()
    const carol = await village.ready('carol')
    const to = ['wv:bob@example.com', 'wv:carol@example.com', 'wv:BOB', 'bob', 'wv:bob@EXAMPLE.com']
    const { result, messageId } = expectPrimitive((await alice.send(to, 'hello')).primitive, 'SendMessageResponse')
    expect(result.code).toBe(200)
    for (const phone of [bob, carol]) {
      const came = await phone.collect()
      expect(came).toHaveLength(1)
      expect(came[0]?.messageInfo).toMatchObject({ messageId, recipient: { groups: [], contactLists: [] } })
      expect(came[0]?.messageInfo.recipient.users).toHaveLength(1)
    }
  })

  it('expands contact lists of the sender, and tells of those that are empty or not the own', async () => {
    const { village, alice, bob } = await open()
    const [carol, owner, friends] = [
      await village.ready('carol'),
      'wv:alice@example.com',
      'wv:alice/friends@example.com',
    ]
    const { contactLists } = village.store
    for (const list of [friends, 'wv:alice/nobody@example.com', 'wv:bob/friends@example.com'])
      await village.store.commit(
        contactLists.create(list.includes('bob') ? 'wv:bob@example.com' : owner, newList(list), 2),
      )
    const members = ['bob', 'carol', 'gone'].map(name => newContact(`wv:${name}@example.com`))
    await village.store.commit(contactLists.addMembers(owner, friends, members, 3, null))
    const recipient = { contactLists: ['wv:alice/friends', 'wv:alice/nobody', 'wv:bob/friends', 'wv:ALICE/Friends'] }
    const { result } = expectPrimitive(
      (await alice.send(['bob'], 'hi', { recipient })).primitive,
      'SendMessageResponse',
    )
    expect(result.details).toEqual([
      expect.objectContaining({ code: 703, contactLists: ['wv:alice/nobody'] }),
      expect.objectContaining({ code: 700, contactLists: ['wv:bob/friends'] }),
      expect.objectContaining({ code: 531, userIds: ['wv:gone'] }),
      // Who is on a list is named, not the list, as where they fail.
      expect.objectContaining({ code: 200, userIds: ['bob', 'wv:carol'], contactLists: [] }),
    ])
    for (const phone of [bob, carol]) {
      const came = await phone.collect()
      expect(came.map(({ messageInfo }) => messageInfo.recipient.contactLists)).toEqual([[]])
    }
    const only = { contactLists: ['wv:alice/nobody'] }
    expect((await resultOf(alice.send([], 'hi', { recipient: only }))).code).toBe(703)
  })

  it('201 tells who could not be reached, as the client wrote them', async () => {
    const { alice, bob } = await open()
    const to = ['wv:bob', 'wv:Nobody', 'wv:someone@elsewhere.org', 'not an address']
    const recipient = { contactLists: ['wv:alice/friends'], groups: [{ groupId: 'wv:/chess' }] }
    const answer = await alice.send(to, 'hello', { recipient })
    const { result, messageId } = expectPrimitive(answer.primitive, 'SendMessageResponse')
    expect(messageId).toBeDefined()
    expect(result.code).toBe(201)
    expect(result.details).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 700, contactLists: ['wv:alice/friends'] }),
        expect.objectContaining({ code: 800, groupIds: ['wv:/chess'] }),
        expect.objectContaining({ code: 531, userIds: ['not an address', 'wv:Nobody'] }),
        expect.objectContaining({ code: 516, userIds: ['wv:someone@elsewhere.org'] }),
        expect.objectContaining({ code: 200, userIds: ['wv:bob'] }),
      ]),
    )
    expect(result.details).toHaveLength(5)
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('finds all who are unknown in few units, however many', async () => {
    let units = 0
    const { alice, bob } = await open({
      around: store => ({
        ...store,
        commit: (...unit) => {
          units++
          return store.commit(...unit)
        },
      }),
    })
    units = 0
    const strangers = Array.from({ length: 300 }, (_, index) => `wv:stranger${index}`)
    const result = await resultOf(alice.send(['wv:bob', ...strangers], 'hello'))
    expect(result).toMatchObject({
      code: 201,
      details: [
        { code: 531, userIds: strangers },
        { code: 200, userIds: ['wv:bob'] },
      ],
    })
    expect(units).toBe(2)
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('a repeat is told of the same who failed', async () => {
    const { village, alice, bob } = await open()
    const first = await alice.send(['bob', 'nobody'], 'hello', { id: '9' })
    village.restart()
    expect((await alice.send(['bob', 'nobody'], 'hello', { id: '9' })).primitive).toEqual(first.primitive)
    expect(await bob.texts()).toEqual(['hello'])
  })
})

describe('CSP 9.1.1.1: a message that is rejected', () => {
  const status = async (sending: ReturnType<Phone['send']>) => {
    const { primitive } = await sending
    return [primitive?.name, codeOf(primitive)]
  }

  it('531 for a recipient who does not exist, 900 where reasons differ', async () => {
    const { alice } = await open()
    expect(await status(alice.send('nobody', 'hello'))).toEqual(['Status', 531])
    expect(await status(alice.send(['nobody', 'x@elsewhere.org'], 'hello'))).toEqual(['Status', 900])
    expect(await status(alice.send('x@elsewhere.org', 'hello'))).toEqual(['Status', 516])
  })

  it('800 for a group, 700 for a contact list, 400 for nobody', async () => {
    const { alice } = await open()
    const to = (recipient: object) => status(alice.send([], 'hello', { recipient }))
    expect(await to({ groups: [{ groupId: 'wv:/chess' }] })).toEqual(['Status', 800])
    expect(await to({ groups: [{ screenName: { name: 'x', groupId: 'wv:/chess' } }] })).toEqual(['Status', 508])
    expect(await to({ contactLists: ['wv:alice/friends'] })).toEqual(['Status', 700])
    expect(await to({})).toEqual(['Status', 400])
  })

  it('427, 428, 451 or 508 for a sender who is not the one who asks', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice', { version: '1.3' })
    const from = (user: object) => status(alice.send('bob', 'hello', { sender: { user: user as never } }))
    const userId = 'wv:alice@example.com'
    expect(await from({ userId: 'wv:bob@example.com' })).toEqual(['Status', 427])
    expect(await from({ userId: 'wv:alice@elsewhere.org' })).toEqual(['Status', 427])
    expect(await from({ userId, clientId: { url: 'another' } })).toEqual(['Status', 428])
    expect(await from({ userId, applicationId: 'chess' })).toEqual(['Status', 451])
    const sender = { group: { screenName: { name: 'x', groupId: 'wv:/chess' } } }
    expect(await status(alice.send('bob', 'hello', { sender }))).toEqual(['Status', 508])
    const toGroup = (...groups: object[]) => status(alice.send([], 'hello', { sender, recipient: { groups } }))
    expect(await toGroup({ groupId: 'wv:/chess' })).toEqual(['Status', 800])
    expect(await toGroup(sender.group, { screenName: { name: 'y', groupId: 'wv:/go' } })).toEqual(['Status', 800])
    expect(await from({ userId, clientId: { url: alice.clientId } })).toEqual(['SendMessageResponse', 200])
    expect(await from({ userId: 'alice' })).toEqual(['SendMessageResponse', 200])
  })

  it('452 for an application that the own lists keep away, as sender or as recipient', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice', { version: '1.3', applicationId: 'Chess' })
    const bob = await village.ready('bob', { version: '1.3' })
    const lists = (body: object) => alice.code({ name: 'BlockEntityRequest', body })
    const sender = { user: { userId: 'wv:alice@example.com', applicationId: 'Chess' } }
    const to = (...applications: (string | undefined)[]) => ({
      recipient: { users: applications.map(applicationId => ({ userId: 'wv:bob', applicationId })) },
    })
    await lists({ blockList: { addList: { applicationIds: ['CH*'] } } })
    expect(await status(alice.send('bob', 'hello', { sender }))).toEqual(['Status', 452])
    expect(await status(alice.send([], 'hello', to('chess')))).toEqual(['Status', 452])
    expect(await status(alice.send([], 'hello', to('go')))).toEqual(['SendMessageResponse', 200])
    expect(await resultOf(alice.send([], 'hello', to('chess', undefined)))).toMatchObject({
      code: 201,
      details: [{ code: 452, userIds: ['wv:bob'] }],
    })
    expect(await bob.texts()).toEqual(['hello'])
    await lists({ blockListInUse: false, grantListInUse: true, grantList: { addList: { applicationIds: ['go'] } } })
    expect(await status(alice.send([], 'hello', to('chess')))).toEqual(['Status', 452])
    expect(await status(alice.send([], 'hello', to('go')))).toEqual(['SendMessageResponse', 200])
    expect(await status(alice.send('bob', 'hello'))).toEqual(['SendMessageResponse', 200])
  })

  it('400 without content', async () => {
    const { alice } = await open()
    const { name, body } = alice.message('bob', 'x') as { name: 'SendMessageRequest'; body: object }
    expect(await alice.code({ name, body: { ...body, contentData: undefined } as never })).toBe(400)
    const info = { ...(body as { messageInfo: object }).messageInfo, messageUri: 'http://example.com/picture' }
    expect(await alice.code({ name, body: { messageInfo: info, deliveryReport: false } as never })).toBe(200)
  })

  it('507 where the queue of the recipient is full, and room again after it was read', async () => {
    const { alice, bob } = await open({ config: { 'messages.queueLimit': 3 } })
    for (const text of ['1', '2', '3']) expect((await resultOf(alice.send('bob', text))).code).toBe(200)
    expect(await status(alice.send('bob', '4'))).toEqual(['Status', 507])
    expect(await resultOf(alice.send(['bob', 'carol'], '5'))).toMatchObject({
      code: 201,
      details: [
        { code: 507, userIds: ['bob'] },
        { code: 200, userIds: ['carol'] },
      ],
    })
    expect(await bob.texts()).toEqual(['1', '2', '3'])
    expect((await resultOf(alice.send('bob', '6'))).code).toBe(200)
  })
})

describe('Exactly once, across a crash', () => {
  it('a repeat has the same Message-ID and delivers nothing again', async () => {
    const { village, alice, bob } = await open()
    const first = await alice.send('bob', 'hello', { id: '9' })
    village.restart()
    expect(await alice.send('bob', 'hello', { id: '9' })).toEqual(first)
    expect(await bob.texts()).toEqual(['hello'])
    village.restart()
    expect(await alice.send('bob', 'hello', { id: '9' })).toEqual(first)
    expect(await bob.texts()).toEqual([])
  })

  it('and the same words under a reused id are delivered anew after ten minutes', async () => {
    const { village, alice, bob } = await open()
    const first = await alice.send('bob', 'hello', { id: '9' })
    village.restart()
    await village.world.pass(600)
    const second = await alice.send('bob', 'hello', { id: '9' })
    expect(second.primitive).not.toEqual(first.primitive)
    village.restart()
    expect(await alice.send('bob', 'hello', { id: '9' })).toEqual(second)
    expect(await bob.texts()).toEqual(['hello', 'hello'])
  })

  it('also where the queue is full by now', async () => {
    const { village, alice, bob } = await open({ config: { 'messages.queueLimit': 1 } })
    const first = await alice.send('bob', 'hello', { id: '9' })
    village.restart()
    expect(await alice.send('bob', 'hello', { id: '9' })).toEqual(first)
    expect(await bob.texts()).toEqual(['hello'])
  })
})
