import type { Body } from '@village/protocol'
import type { Answer } from '../answer.ts'
import { miss } from '../expect.ts'
import type { Phone, PhoneOptions } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { clear, client, type Traits } from './clients.ts'
import { acceptedId, messageTo } from './send.ts'

type Info = Partial<Body<'NewMessage'>['messageInfo']>

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')

/** Sends octets as the phone's syntax lets it: in XML there is BASE64 for that. */
const sendOctets = (from: Phone, { accounts }: Stage, octets: Uint8Array, info: Info): Promise<Answer> => {
  const [contentData, contentEncoding] = from.syntax === 'xml' ? [base64(octets), 'BASE64'] : [octets]
  const contentSize = contentData.length
  const { name, body } = messageTo([accounts.juliet.userId], from, '', {
    info: { ...info, contentEncoding, contentSize },
  })
  return from.ask({ name, body: { ...body, contentData } })
}

/** The message of an id, however long it takes. */
const receive = async (phone: Phone, messageId: string) => {
  const isIt = (it: Answer) => it.name === 'NewMessage' && it.as('NewMessage').messageInfo.messageId === messageId
  return (await phone.receive(`the message ${messageId}`, isIt)).as('NewMessage')
}

/** What content is, read by what is said of it: octets, out of their encoding. */
const octetsIn = ({ messageInfo, contentData = '' }: Body<'NewMessage'>): Uint8Array => {
  if (messageInfo.contentEncoding === undefined)
    return typeof contentData === 'string' ? new TextEncoder().encode(contentData) : contentData
  if (messageInfo.contentEncoding.toUpperCase() !== 'BASE64') return miss('the encoding should be BASE64')
  const text = typeof contentData === 'string' ? contentData : Buffer.from(contentData).toString('latin1')
  return new Uint8Array(Buffer.from(text, 'base64'))
}

const charsetOf = ({ contentType }: Info) => /charset="?([^\s";]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()

/** What text is, read by the character set that is named; characters of a document are what they are. */
const textIn = (message: Body<'NewMessage'>): string => {
  const { messageInfo, contentData } = message
  if (typeof contentData === 'string' && messageInfo.contentEncoding === undefined) return contentData
  return new TextDecoder(charsetOf(messageInfo) ?? 'utf-8', { fatal: true }).decode(octetsIn(message))
}

/** Romeo as the run has him, and a phone of Juliet's for which nothing waits. */
const withPhone = async (stage: Stage, traits?: Traits) => {
  await clear(stage, 'juliet')
  return { romeo: await stage.phone().online(), juliet: await client(stage, 'juliet', traits) }
}

const syntaxes = ['xml', 'wbxml'] as const
const inSyntax = ({ version }: Stage, syntax: PhoneOptions['syntax']): Traits => ({ spoken: { version, syntax } })

/** Content that is octets, and text in other character sets than UTF-8 (CSP 5.6.1, 5.6.2, 6.9.1). */
export const octets: readonly Scenario[] = [
  ...syntaxes.map(syntax =>
    scenario(
      'SERV-S-007',
      '5.6.1',
      `Octets of all values arrive as they were sent at a phone that reads ${syntax.toUpperCase()}`,
      async stage => {
        const { romeo, juliet } = await withPhone(stage, inSyntax(stage, syntax))
        const all = Uint8Array.from({ length: 256 }, (_, value) => value)
        const came = await receive(
          juliet,
          acceptedId(await sendOctets(romeo, stage, all, { contentType: 'image/gif' })),
        )
        stage.expect(base64(octetsIn(came)), 'the content').is(base64(all))
        stage.expect(came.messageInfo.contentType, 'the content type').is('image/gif')
        stage.expect(came.messageInfo.contentSize, 'the content size').is(came.contentData?.length)
        // Only XML has a transfer encoding to agree on (CSP 6.9.1).
        if (syntax === 'wbxml') stage.expect(came.messageInfo.contentEncoding, 'the encoding').isAbsent()
      },
    ),
  ),

  scenario(
    'SERV-S-007',
    '9.2',
    'Content that is no BASE64, as it says it is, is refused or carried as it is',
    async stage => {
      const { romeo, juliet } = await withPhone(stage)
      for (const broken of ['R0lGODlh!', 'R0lGODl', '=R0lGODl', stage.unique('no BASE64')]) {
        const info = { contentType: 'image/gif', contentEncoding: 'BASE64' }
        const answer = await romeo.ask(messageTo([juliet.account.userId], romeo, broken, { info }))
        if (answer.code !== 200) {
          answer.as('Status')
          stage.expect(answer.code, 'the status code').isBetween(400, 599)
          continue
        }
        const { contentData } = await receive(juliet, acceptedId(answer))
        const text = typeof contentData === 'string' ? contentData : Buffer.from(contentData ?? []).toString()
        stage.expect(text, 'the content').is(broken)
      }
    },
  ),

  ...syntaxes.map(syntax =>
    scenario(
      'SERV-S-007',
      '5.6.2',
      `Text in ISO-8859-1 or UTF-16 can be read as what it is by a phone that reads ${syntax.toUpperCase()}`,
      async stage => {
        const { romeo, juliet } = await withPhone(stage, inSyntax(stage, syntax))
        const text = stage.unique('Grüße, ¿qué tal?')
        const sets = [
          ['ISO-8859-1', bytesOf(text)],
          ['utf-16le', new Uint8Array(Buffer.from(text, 'utf16le'))],
        ] as const
        for (const [charset, written] of sets) {
          const info = { contentType: `text/plain; charset=${charset}` }
          const came = await receive(juliet, acceptedId(await sendOctets(romeo, stage, written, info)))
          stage.expect(textIn(came), 'the text').is(text)
        }
      },
    ),
  ),

  scenario('SERV-S-007', '5.6.1', 'Text in an unknown character set is carried as it is, or refused', async stage => {
    const { romeo, juliet } = await withPhone(stage)
    const written = bytesOf(stage.unique('\x9c\xff\x01?'))
    const answer = await sendOctets(romeo, stage, written, { contentType: 'text/plain; charset=x-verona' })
    if (answer.code !== 200) return stage.expect(answer.code, 'the status code').isBetween(400, 599)
    const came = await receive(juliet, acceptedId(answer))
    stage.expect(base64(octetsIn(came)), 'the content').is(base64(written))
    stage.expect(charsetOf(came.messageInfo), 'the character set that is told').is('x-verona')
  }),

  scenario(
    'SERV-S-007',
    '5.6.2',
    'A phone that reads ISO-8859-1 alone can read text that has no other characters, and gets any other text too',
    async stage => {
      const { romeo, juliet } = await withPhone(stage, { capabilities: { plainTextCharsets: [4] } })
      const texts = [stage.unique('Grüße'), stage.unique('Ромео')] as const
      const came: Body<'NewMessage'>[] = []
      for (const text of texts)
        came.push(await receive(juliet, acceptedId(await romeo.ask(messageTo([juliet.account.userId], romeo, text)))))
      stage.expect(came.map(textIn), 'the texts').is([...texts])
      const [latin] = came.map(({ messageInfo }) => charsetOf(messageInfo))
      if (latin !== 'iso-8859-1') stage.skip('the server sends text as UTF-8, which every client has to read')
      stage.expect(came[0]?.messageInfo.contentSize, 'the content size, in characters').is(texts[0].length)
    },
    { syntax: 'wbxml' },
  ),
]
