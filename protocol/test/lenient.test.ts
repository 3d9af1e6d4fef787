import { describe, expect, it } from 'vitest'
import { contentTypeOf, decode, syntaxOfContentType } from '../src/codec/index.ts'
import { bodyOf, bytes, faultOf, read, refusalOf, wbxmlAround, xmlAround } from './documents.ts'

const login = (inside: string) => `<Login-Request>${inside}<SessionCookie>c</SessionCookie></Login-Request>`
const alice = '<UserID>wv:alice@example.com</UserID><ClientID><URL>http://example.com/phone</URL></ClientID>'
const keepAlive = (seconds: string) =>
  xmlAround(`<KeepAlive-Request><TimeToLive>${seconds}</TimeToLive></KeepAlive-Request>`)
/** KeepAlive-Request with a TimeToLive of these octets. */
const keepAliveOf = (...value: number[]) => wbxmlAround([0x00, 0x01, 0x5b, 0x72, ...value, 0x01, 0x01])

describe('order and strangers', () => {
  it('takes children in any order (AOSP: Login-Request)', () => {
    const shuffled =
      '<Login-Request><SessionCookie>c</SessionCookie><DigestSchema>MD5</DigestSchema><TimeToLive>7205</TimeToLive>' +
      `<DigestSchema>SHA</DigestSchema>${alice}<Password>p</Password></Login-Request>`
    const body = bodyOf(xmlAround(shuffled))
    expect(body).toMatchObject({ userId: 'wv:alice@example.com', digestSchemas: ['MD5', 'SHA'], timeToLive: 7205 })
  })

  it('skips elements it does not know, whatever is inside (Colibria: ColibriaExtensions, ClientTypeDetail)', () => {
    const body = bodyOf(
      xmlAround(
        '<UpdatePresence-Request><PresenceSubList xmlns="http://www.openmobilealliance.org/DTD/WV-PA1.2"><ClientInfo>' +
          '<Qualifier>T</Qualifier><ClientTypeDetail xmlns="http://imps.colibria.com/PA-ext-1.2"><ClientType>PDA' +
          '</ClientType>PC</ClientTypeDetail><ClientType>COMPUTER</ClientType></ClientInfo></PresenceSubList>' +
          '<ColibriaExtensions/></UpdatePresence-Request>',
      ),
    )
    expect(body.presenceSubList.clientInfos).toMatchObject([{ qualifier: true, clientType: 'COMPUTER' }])
  })

  it('skips tags of no known token in WBXML', () => {
    const unknown = [0x00, 0x0b, 0x7f, 0x03, 0x61, 0x00, 0x05, 0x01, 0x00, 0x01]
    const document = wbxmlAround([0x00, 0x01, 0x5b, ...unknown, 0x72, 0xc3, 0x01, 0x3c, 0x01, 0x01])
    expect(bodyOf(document)).toEqual({ timeToLive: 60 })
  })

  it('skips tags on pages that do not exist', () => {
    const document = wbxmlAround([0x00, 0x01, 0x5b, 0x00, 0x63, 0x05, 0x00, 0x01, 0x72, 0xc3, 0x01, 0x3c, 0x01, 0x01])
    expect(bodyOf(document)).toEqual({ timeToLive: 60 })
  })

  it('skips literal tags in WBXML', () => {
    const document = wbxmlAround([0x00, 0x01, 0x5b, 0x44, 0x00, 0x03, 0x61, 0, 0x01, 0x01], '1.2', 'Stranger\0')
    expect(bodyOf(document)).toEqual({ timeToLive: undefined })
  })

  it('refuses a value token it does not know: leaving it out would change what is said', () => {
    expect(refusalOf(keepAliveOf(0x80, 0x82, 0x7f))).toMatchObject({ code: 400 })
  })
})

describe('versions and namespaces', () => {
  const plain = xmlAround('<Logout-Request/>')
  const without = plain.replace(/ xmlns="[^"]*"/g, '')
  const other = (name: string) => plain.replace('http://www.openmobilealliance.org/DTD/WV-CSP1.2', name)

  it.each([
    ['the root namespace', xmlAround('<Logout-Request/>', '1.1'), '1.1'],
    ['1.2 where nothing tells', without, '1.2'],
    ['1.2 where the namespace is unknown', other('http://example.com/'), '1.2'],
    [
      'the DOCTYPE where the root has no namespace',
      `<!DOCTYPE WV-CSP PUBLIC "-//OMA//DTD IMPS-CSP 1.3//EN" "x">${without}`,
      '1.3',
    ],
    [
      'the DOCTYPE of Baraza, without the word PUBLIC',
      `<!DOCTYPE IMPS-CSP "-//OMA//DTD WV-CSP 1.1//EN" "x">${without}`,
      '1.1',
    ],
    // Nokia S60 announces 1.2 and speaks 1.1.
    [
      'the namespace where the DOCTYPE contradicts it',
      `<!DOCTYPE WV-CSP-Message PUBLIC "-//OMA//DTD WV-CSP 1.2//EN" "x">\n${xmlAround('<Logout-Request/>', '1.1')}`,
      '1.1',
    ],
    ['the root namespace where inner ones contradict it', plain.replace('WV-TRC1.2', 'IMPS-TRC1.3'), '1.2'],
    [
      'a prefixed namespace',
      plain.replace('<WV-CSP-Message xmlns=', '<c:WV-CSP-Message xmlns:c=').replace('</WV-CSP-M', '</c:WV-CSP-M'),
      '1.2',
    ],
  ])('takes the version from %s', (_name, document, version) => {
    const message = read(document)
    expect(message.version).toBe(version)
    expect(message.transactions[0]!.primitive?.name).toBe('LogoutRequest')
  })

  it('asks for the version of the session only where the document does not tell', () => {
    const versionOf = (id: string) => (id === 's1' ? '1.3' : undefined)
    expect(decode(bytes(without), { versionOf }).version).toBe('1.3')
    expect(decode(bytes(plain), { versionOf }).version).toBe('1.2')
  })

  it('ignores declarations nobody uses (Colibria)', () => {
    const unused = plain.replace('<WV-CSP-Message', '<WV-CSP-Message xmlns:xsd="http://www.w3.org/2001/XMLSchema"')
    expect(read(unused).version).toBe('1.2')
  })

  const body = [0x49, 0x6d, 0x72, 0x74, 0x76, 0x80, 0x20, 0x01, 0x01, 0x73, 0x00, 0x01, 0x1f, 0x01, 0x01, 0x01, 0x01]
  const text = '-//OMA//DTD WV-CSP 1.1//EN\0'
  it.each([
    ['number', [0x03, 0x10, 0x6a, 0x00], '', '1.1'],
    ['number of 1.3', [0x03, 0x12, 0x6a, 0x00], '', '1.3'],
    ['text in the string table (libwbxml)', [0x03, 0x00, 0x00, 0x6a, text.length], text, '1.1'],
    ['unknown (Nokia)', [0x03, 0x01, 0x6a, 0x00], '', '1.2'],
    ['number, in WBXML 1.1 without character set', [0x01, 0x10, 0x00, 0x00], '', '1.1'],
    ['number, in WBXML 1.2 and US-ASCII', [0x02, 0x10, 0x03, 0x00], '', '1.1'],
  ])('takes the version from a public identifier: %s', (_name, head, table, version) => {
    const message = read(bytes(head, table, body))
    expect(message).toMatchObject({ version, syntax: 'wbxml' })
    expect(message.transactions[0]!.primitive?.name).toBe('LogoutRequest')
  })

  it('prefers the namespace to the public identifier', () => {
    const document = wbxmlAround([0x00, 0x01, 0x1f], '1.1').slice()
    document[1] = 0x12
    expect(read(document).version).toBe('1.1')
  })

  it('reads the shapes of 1.2 under 1.3 (AOSP)', () => {
    const members = xmlAround(
      '<AddGroupMembers-Request><GroupID>wv:alice/chess@example.com</GroupID><UserList><User><UserID>wv:bob@example.com' +
        '</UserID></User></UserList></AddGroupMembers-Request>',
      '1.3',
    )
    expect(bodyOf(members).userIds).toEqual(['wv:bob@example.com'])
    const joined = xmlAround(
      '<JoinGroup-Response><UserMapList><UserMapping><Mapping><SName>Queen</SName></Mapping></UserMapping></UserMapList>' +
        '</JoinGroup-Response>',
      '1.3',
    )
    expect(bodyOf(joined).joined).toMatchObject([{ name: 'Queen' }])
    const invite =
      '<Invite-Request><InviteID>i</InviteID><InviteType>GR</InviteType><Recipient><User><UserID>wv:bob@example.com</UserID>' +
      '</User></Recipient><ScreenName><SName>Queen</SName><GroupID>g</GroupID></ScreenName></Invite-Request>'
    expect(bodyOf(xmlAround(invite, '1.3'))).toMatchObject({ sender: undefined, screenName: { name: 'Queen' } })
    const blocked =
      '<BlockEntity-Request><BlockList><InUse>T</InUse><AddList><UserID>wv:bob@example.com</UserID></AddList></BlockList>' +
      '</BlockEntity-Request>'
    const entities = { blockListInUse: true, blockList: { addList: { userIds: ['wv:bob@example.com'] } } }
    for (const version of ['1.1', '1.2', '1.3'] as const)
      expect(bodyOf(xmlAround(blocked, version))).toMatchObject(entities)
  })

  it('knows the names of other versions and spellings', () => {
    const block = '<BlockUser-Request><BlockList><InUse>F</InUse></BlockList></BlockUser-Request>'
    expect(read(xmlAround(block, '1.3')).transactions[0]!.primitive?.name).toBe('BlockEntityRequest')
    expect(read('<WV-CSP-NSDiscovery-Request/>').transactions[0]!.primitive?.name).toBe('VersionDiscoveryRequest')
    const subscribe = (name: string) =>
      `<SubscribePresence-Request><${name}>T</${name}><User><UserID>u</UserID></User></SubscribePresence-Request>`
    for (const name of ['AutoSubscribe', 'Auto-Subscribe'])
      expect(bodyOf(xmlAround(subscribe(name)))).toMatchObject({ autoSubscribe: true, userIds: ['u'] })
  })
})

describe('identifiers', () => {
  it.each([
    ['none (AOSP polls)', '', undefined],
    ['an empty one (Colibria polls)', '<TransactionID/>', undefined],
    ['an empty one, written long', '<TransactionID></TransactionID>', undefined],
    ['letters (Nokia)', '<TransactionID>nok1</TransactionID>', 'nok1'],
    ['signs', '<TransactionID>IMApp01#12345@NOK5110</TransactionID>', 'IMApp01#12345@NOK5110'],
    ['white space around', '<TransactionID>\n  7\n</TransactionID>', '7'],
  ])('takes a TransactionID of %s', (_name, element, id) => {
    const [transaction] = read(xmlAround('<Polling-Request/>', '1.2', element)).transactions
    expect(transaction).toMatchObject({ id, refusal: undefined, primitive: { name: 'PollingRequest' } })
  })

  it('takes a login outside of any session, and an empty SessionID as none', () => {
    expect(read(xmlAround(login(alice)).replace('<SessionID>s1</SessionID>', '')).sessionId).toBeUndefined()
    expect(read(xmlAround(login(alice)).replace('s1', '')).sessionId).toBeUndefined()
  })
})

describe('values', () => {
  it.each(['PWD,SHA,MD4,MD5', 'PWD, SHA, MD4, MD5', '</DigestSchema><DigestSchema>PWD,SHA,MD4,MD5'])(
    'takes DigestSchema as one text or several: %s',
    schemas => {
      const body = bodyOf(xmlAround(login(`${alice}<DigestSchema>${schemas}</DigestSchema>`), '1.1'))
      expect(body.digestSchemas).toEqual(['PWD', 'SHA', 'MD4', 'MD5'])
    },
  )

  it.each([
    ['no octet', [0xc3, 0x00], 0],
    ['an octet', [0xc3, 0x01, 0x00], 0],
    ['leading zeros', [0xc3, 0x06, 0, 0, 0, 0, 0x02, 0x5c], 604],
    ['four octets', [0xc3, 0x04, 0xff, 0xff, 0xff, 0xff], 4294967295],
    ['decimal text (AOSP: AcceptedContentLength)', [0x03, 0x32, 0x30, 0x30, 0x00], 200],
    ['text with zeros and space', [0x03, 0x20, 0x30, 0x30, 0x37, 0x20, 0x00], 7],
    ['text in pieces', [0x03, 0x31, 0x00, 0x02, 0x32], 12],
  ])('takes an integer of %s', (_name, octets, value) => {
    expect(bodyOf(keepAliveOf(...octets)).timeToLive).toBe(value)
  })

  it.each([['0'], ['007'], ['  200 '], ['<![CDATA[200]]>'], ['2<!-- -->00'], ['&#50;00'], ['4294967295']])(
    'takes an integer in XML written as %s',
    text => expect(bodyOf(keepAlive(text)).timeToLive).toBeTypeOf('number'),
  )

  it('takes content bits on empty elements (AOSP)', () => {
    expect(read(wbxmlAround([0x00, 0x01, 0x62, 0x01])).transactions[0]!.primitive?.name).toBe('PollingRequest')
    expect(bodyOf(wbxmlAround([0x00, 0x01, 0x5b, 0x01]))).toEqual({ timeToLive: undefined })
  })

  it('takes tokens where text is meant (libwbxml)', () => {
    const [T, OPEN] = [
      [0x80, 0x2c],
      [0x80, 0x18],
    ]
    const setGroup = [0x00, 0x07, 0x48, 0x00, 0x00, 0x56, ...T!, 0x03, 0x2f, 0x78, 0x00, ...OPEN!, 0x01, 0x01]
    expect(bodyOf(wbxmlAround(setGroup)).groupId).toBe('T/xOpen')
  })

  it.each([
    ['opaque, as the AOSP tests have it', [0xc3, 6, 0x1f, 0x46, 0x73, 0x0e, 0xbb, 0x5a], '2001-09-25T16:58:59Z'],
    [
      'opaque without zone, as libwbxml writes it',
      [0xc3, 6, 0x1f, 0xa8, 0x7f, 0x7e, 0xc1, 0x00],
      '2026-01-31T23:59:01Z',
    ],
    ['text', [0x03, ...bytes('20260131T235901Z'), 0x00], '2026-01-31T23:59:01Z'],
    ['text without zone', [0x03, ...bytes('20260131T235901'), 0x00], '2026-01-31T23:59:01Z'],
    ['text with a zone', [0x03, ...bytes('2026-02-01T01:59:01+02:00'), 0x00], '2026-01-31T23:59:01Z'],
  ])('takes a moment: %s', (_name, octets, moment) => {
    const info = [
      0x00,
      0x06,
      0x55,
      0x53,
      0x00,
      0x00,
      0x51,
      ...octets,
      0x01,
      0x67,
      0x01,
      0x6c,
      0x7a,
      0x03,
      0x75,
      0x00,
      0x01,
    ]
    const user = [0x6c, 0x79, 0x7a, 0x03, 0x75, 0x00, 0x01, 0x01, 0x01]
    const document = wbxmlAround([...info.slice(0, -6), ...user, 0x01, 0x01])
    expect(bodyOf(document).messageInfo.dateTime).toEqual(new Date(moment))
  })

  it('takes a presence value without Qualifier and a Qualifier without value (Colibria)', () => {
    const list =
      '<OnlineStatus><Qualifier>T</Qualifier></OnlineStatus><StatusText><PresenceValue>Hi</PresenceValue></StatusText>'
    const body = bodyOf(
      xmlAround(`<UpdatePresence-Request><PresenceSubList>${list}</PresenceSubList></UpdatePresence-Request>`),
    )
    expect(body.presenceSubList.onlineStatuses).toEqual([
      { qualifier: true, presenceValue: undefined, clientId: undefined },
    ])
    expect(body.presenceSubList.statusText).toEqual({ qualifier: undefined, presenceValue: 'Hi' })
  })

  it('leaves a wrong ContentSize to others (Colibria always says 148)', () => {
    const content =
      '<SendMessage-Request><MessageInfo><Recipient><User><UserID>u</UserID></User></Recipient><Sender><User><UserID>v' +
      '</UserID></User></Sender><ContentType>text/html</ContentType><ContentSize>148</ContentSize></MessageInfo>' +
      '<ContentData>  a &lt;b&gt; <![CDATA[&amp;]]>\r\n</ContentData></SendMessage-Request>'
    const body = bodyOf(xmlAround(content))
    expect(body).toMatchObject({ contentData: '  a <b> &amp;\n', messageInfo: { contentSize: 148 } })
    expect(body.deliveryReport).toBeUndefined()
  })

  it('takes a User without Sender in InviteUser-Response (AOSP)', () => {
    const answer =
      '<InviteUser-Response><InviteID>i</InviteID><Acceptance>T</Acceptance><User><UserID>wv:bob@example.com</UserID></User>' +
      '</InviteUser-Response>'
    expect(bodyOf(xmlAround(answer)).sender).toMatchObject({ user: { userId: 'wv:bob@example.com' } })
  })

  it('takes User around the ID of a contact (AOSP)', () => {
    const create =
      '<CreateList-Request><ContactList>l</ContactList><NickList><NickName><Name>Bob</Name><User><UserID>u</UserID></User>' +
      '</NickName></NickList></CreateList-Request>'
    expect(bodyOf(xmlAround(create)).nickList).toEqual([{ name: 'Bob', userId: 'u' }])
  })

  it('takes an address without URL in ClientID', () => {
    const body = bodyOf(xmlAround(login('<UserID>u</UserID><ClientID> http://example.com/phone </ClientID>')))
    expect(body.clientId).toEqual({ url: 'http://example.com/phone', msisdn: undefined })
  })
})

describe('the envelope of XML', () => {
  const plain = xmlAround('<Logout-Request/>')
  const utf16 = (text: string, isLittle: boolean) =>
    bytes(
      ...[`\ufeff${text}`].flatMap(it =>
        Array.from({ length: it.length }, (_, i) => it.charCodeAt(i)).map(code =>
          isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255],
        ),
      ),
    )

  it.each([
    ['no declaration', plain],
    ['a declaration', `<?xml version="1.0" encoding="utf-8"?>\r\n${plain}`],
    ['a byte order mark', `\ufeff<?xml version="1.0"?>${plain}`],
    ['white space before the root', `\n\n  ${plain}\n`],
    ['comments and instructions around', `<!-- a --><?a b?>${plain}<!-- c --><?d e?>`],
    ['comments inside', plain.replace('<Session>', '<!-- <Session> --><Session><?x y?>')],
    ['UTF-16, little end first', utf16(plain, true)],
    ['UTF-16, big end first', utf16(plain, false)],
    ['space in tags', plain.replaceAll('<Session>', '<Session\n\t>').replaceAll('</Session>', '</Session >')],
    ['prefixes', plain.replaceAll(/<(\/?)Tr/g, '<$1trc:Tr')],
    ['quotes of the other kind', plain.replaceAll('"', "'")],
    ['text where none belongs', plain.replace('<Session>', 'hello<Session>')],
  ])('takes %s', (_name, document) => {
    expect(read(document).transactions[0]!.primitive?.name).toBe('LogoutRequest')
  })

  it('goes by the first octet, not by the media type', () => {
    expect(decode(bytes(plain), { contentType: 'application/vnd.wv.csp.wbxml' }).syntax).toBe('xml')
    expect(decode(wbxmlAround([0x00, 0x01, 0x1f]), { contentType: 'text/xml' }).syntax).toBe('wbxml')
  })

  it('knows the media types', () => {
    expect(syntaxOfContentType('Application/vnd.wv.csp+wbxml; charset=utf-8')).toBe('wbxml')
    for (const type of ['application/vnd.wv.csp.xml', 'application/vnd.wv.csp+xml', 'text/xml', 'application/xml'])
      expect(syntaxOfContentType(type)).toBe('xml')
    expect(syntaxOfContentType('text/plain')).toBeUndefined()
    expect(contentTypeOf('xml', '1.3')).toBe('application/vnd.wv.csp+xml')
    expect(contentTypeOf('wbxml', '1.1')).toBe('application/vnd.wv.csp.wbxml')
  })

  it('resolves references once', () => {
    const body = bodyOf(
      xmlAround('<GetMessage-Request><MessageID>&amp;lt;&#65;&#x1F600;&apos;&quot;</MessageID></GetMessage-Request>'),
    )
    expect(body.messageId).toBe('&lt;A😀\'"')
    expect(faultOf('<a>&nbsp;</a>').fault).toBe('part')
    expect(refusalOf(xmlAround('<GetMessage-Request><MessageID>&nbsp;</MessageID></GetMessage-Request>'))?.code).toBe(
      400,
    )
  })
})
