import { describe, expect, it } from 'vitest'
import { below, reachable } from '../src/codec/vocabulary.ts'
import { decode, encode, harmlessReason, Malformed, outline } from '../src/index.ts'
import { catalogue } from '../src/schema/catalogue.ts'
import { isHarmless } from '../src/schema/harmless.ts'
import { readCases } from './cases.ts'
import { mutate, xmlWords } from './mutations.ts'
import { Random } from './random.ts'

const utf8 = new TextEncoder()
const enough = 100_000
const octetsOf = (body: string | Uint8Array) => (typeof body === 'string' ? utf8.encode(body) : body)
const textOf = (body: string | Uint8Array, most = enough) => outline(octetsOf(body), '1.2', most).flat().join('\n')

const login = (inside: string) =>
  '<WV-CSP-Message xmlns="http://www.openmobilealliance.org/DTD/WV-CSP1.2"><Session>' +
  '<SessionDescriptor><SessionType>Outband</SessionType></SessionDescriptor><Transaction><TransactionDescriptor>' +
  '<TransactionMode>Request</TransactionMode><TransactionID>1</TransactionID></TransactionDescriptor>' +
  '<TransactionContent xmlns="http://www.openmobilealliance.org/DTD/WV-TRC1.2">' +
  `<Login-Request><UserID>wv:alice</UserID>${inside}</Login-Request></TransactionContent></Transaction></Session></WV-CSP-Message>`

describe('an outline', () => {
  it('has every element of every golden message, the same in both syntaxes', () => {
    for (const { primitive, title, xml, wbxml } of readCases()) {
      const { version } = decode(wbxml)
      const shown = outline(utf8.encode(xml), version, enough).flat()
      const contents = [...xml.matchAll(/<TransactionContent[^>]*>(.*?)<\/TransactionContent>/gs)].map(([, it]) => it)
      const names = [...(contents.join('') || xml).matchAll(/<([A-Z][\w-]*)/g)].map(([, name]) => name)
      const named = shown.flatMap(line => /^ *([\w-]+)/.exec(line)?.[1] ?? [])
      // Extensions are one line, whatever is in them; what stands beside the content is looked for elsewhere.
      if (!/Extension|Ext/.test(xml) && !xml.includes('<SegmentInfo>')) expect(named, title).toEqual(names)
      const size = /(ContentData: ).*/
      const sized = (lines: string[]) => lines.map(line => line.replace(size, '$1'))
      expect(sized(outline(wbxml, version, enough).flat()), `${primitive} ${title}`).toEqual(sized(shown))
    }
  })

  it('shows names and numbers, and hides what proves something or is somebody’s words', () => {
    const body = encode({
      version: '1.3',
      syntax: 'wbxml',
      sessionId: 'canary-session',
      transactions: [
        {
          mode: 'Request',
          id: 't1',
          primitive: {
            name: 'SendMessageRequest',
            body: {
              deliveryReport: true,
              messageInfo: {
                contentType: 'text/plain',
                contentSize: 11,
                contentName: 'canary-name',
                recipient: { users: [{ userId: 'wv:bob', friendlyName: 'canary-friend' }] },
                sender: { user: { userId: 'wv:alice', clientId: { msisdn: '+358401234567' } } },
              },
              contentData: 'canary-text',
            },
          },
        },
      ],
    })
    expect(outline(octetsOf(body), '1.3', enough)).toEqual([
      [
        'SendMessage-Request',
        '  DeliveryReport: T',
        '  MessageInfo',
        '    ContentType: "text/plain"',
        '    ContentSize: 11',
        '    ContentName: (hidden)',
        '    Recipient',
        '      User',
        '        UserID: "wv:bob"',
        '        FriendlyName: (hidden)',
        '    Sender',
        '      User',
        '        UserID: "wv:alice"',
        '        ClientID',
        '          MSISDN: (hidden)',
        '  ContentData: (text, 11 characters)',
      ],
    ])
  })

  it('says what does not belong where it stands, without its name if that is foreign', () => {
    const foreign = '<canary>x</canary><Nonce>canary</Nonce><TimeToLive>"canary"</TimeToLive>'
    expect(textOf(login(`<ClientID>my phone</ClientID>${foreign}<Password></Password>`))).toBe(
      [
        ...['Login-Request', '  UserID: "wv:alice"', '  ClientID', '    (text): "my phone"'],
        ...['  (unknown element)', '  Nonce: (not expected here)', '  TimeToLive: (not of the kind int)'],
        '  Password: (empty)',
      ].join('\n'),
    )
  })

  it('goes as far as a document can be read', () => {
    const shown = textOf(login('<ClientID><URL>urn:x</URL></ClientID><Password>half<canary</Password>'))
    expect(shown).toMatch(/^Login-Request\n.*\n {2}ClientID\n {4}URL: "urn:x"\n\(the rest cannot be read\)$/)
    expect(textOf('canary')).toBe('')
    expect(textOf(new Uint8Array([0xff, 0xff]))).toBe('')
  })

  it('stays within its bounds', () => {
    const long = login(`<ClientID><URL>${'x'.repeat(5000)}</URL></ClientID>${'<Nonce/>'.repeat(5000)}`)
    expect(textOf(long)).toContain(`URL: "${'x'.repeat(200)}" ... (5000 characters)`)
    const bounded = textOf(long, 400)
    expect(bounded.length).toBeLessThan(450)
    expect(bounded).toMatch(/\n *\.\.\.$/)
  })

  it('shows no text of an element that proves something, in whatever message it is', () => {
    const secret =
      'Password Nonce DigestBytes SessionCookie SessionID VerificationKey InText CIRSMSAddress MSISDN ContentData'
    const elements = [...reachable(Object.values(catalogue).map(({ element }) => element))]
    for (const name of secret.split(' ')) {
      const parents = elements.filter(element => below(element).some(child => child.name === name))
      expect(parents.length, name).toBeGreaterThan(0)
      for (const parent of parents)
        for (const child of below(parent).filter(it => it.name === name)) expect(isHarmless(child, parent)).toBe(false)
    }
  })

  it('throws nothing, however damaged a message is', () => {
    const random = new Random(5)
    const corpus = readCases().map(({ xml }) => utf8.encode(xml))
    for (let count = 0; count < 2000; count++)
      expect(Array.isArray(outline(mutate(random, corpus, xmlWords), '1.2', 1000))).toBe(true)
  })
})

describe('why something cannot be read', () => {
  it('is told without what was sent', () => {
    const [transaction] = decode(utf8.encode(login('<TimeToLive>"canary" (at x</TimeToLive>'))).transactions
    expect(transaction!.refusal!.message).toContain('canary')
    const told = harmlessReason(transaction!.refusal!)
    expect(told).toMatch(/^\(hidden\) is not a number .* \(at WV-CSP-Message\/.*\/Login-Request\/TimeToLive\)$/)
    const broken = decode(utf8.encode(login('<Password>half<canary</Password>'))).transactions[0]!.refusal!
    expect(broken.message).toContain('canary')
    expect(harmlessReason(broken)).toBe(
      'a tag has no end (at WV-CSP-Message/Session/Transaction/TransactionContent/Login-Request/Password/?)',
    )
    expect(harmlessReason(new Malformed('syntax', 'an element is expected', '', 0))).toBe('an element is expected')
  })
})
