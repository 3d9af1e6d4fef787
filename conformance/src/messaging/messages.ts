import type { Answer } from '../answer.ts'
import { pause, textOf } from '../phone.ts'
import { textOfReply } from '../raw.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { acceptedId, couple, messageTo, sendText } from './send.ts'

/** What Juliet gets of a text that Romeo sends. */
const received = async (stage: Stage, text: string, wishes?: Parameters<typeof sendText>[3]) => {
  const { romeo, juliet } = await couple(stage)
  const messageId = await sendText(romeo, juliet, text, wishes)
  const came = await juliet.receiveMessage(text)
  return { romeo, juliet, messageId, came, ...came.as('NewMessage') }
}

/** Messages from user to user (CSP 9.1.1, 9.1.5, 9.2). */
export const messages: readonly Scenario[] = [
  scenario(
    'IMSE-S-002 IMSE-S-006',
    '9.1.1.1',
    'A message that is accepted gets a Message-ID, the same for both sides',
    async stage => {
      const { messageId, messageInfo } = await received(stage, stage.unique('Good night'))
      stage.expect(messageInfo.messageId, 'the Message-ID the recipient sees').is(messageId)
    },
  ),

  scenario('IMSE-S-002', '9.1.1.1', 'No two messages have the same Message-ID', async stage => {
    const { romeo, juliet } = await couple(stage)
    const ids = [await sendText(romeo, juliet, 'a'), await sendText(romeo, juliet, 'a')]
    stage.expect(ids[0], 'the second Message-ID').isNot(ids[1])
    await juliet.fetchAll()
  }),

  scenario('IMSE-S-002 SERV-S-007', '9.1.1.1', 'Text arrives as it was sent, whatever is in it', async stage => {
    await received(stage, stage.unique('5 < 6 & 7 > 4, "quoted" \'too\' ]]> \u00e4\u03a9\u4e2d \u{1f339}\nsecond line'))
  }),

  scenario('SERV-S-007', '5.6.1', 'A message of thirty thousand characters arrives', async stage => {
    await received(stage, stage.unique('x'.repeat(30_000)))
  }),

  scenario(
    'SERV-S-007',
    '5.6.1',
    'Encoded content arrives as it was sent, with its encoding named',
    async stage => {
      const text = Buffer.from(stage.unique('A picture')).toString('base64')
      const info = { contentType: 'image/png', contentEncoding: 'BASE64' }
      const { messageInfo } = await received(stage, text, { info })
      stage.expect(messageInfo.contentType, 'the content type').is('image/png')
      stage.expect(messageInfo.contentEncoding, 'the encoding').is('BASE64')
    },
    // A binary phone has agreed to no transfer encoding (CSP 6.9.1).
    { syntax: 'xml' },
  ),

  scenario('SERV-S-007', '5.6.1', 'Octets from a binary phone reach a phone that reads XML as BASE64', async stage => {
    const [binary, xml] = [{ syntax: 'wbxml' }, { syntax: 'xml' }] as const
    const [romeo, juliet] = [await stage.phone('romeo', binary).online(), await stage.phone('juliet', xml).online()]
    await juliet.fetchAll()
    const octets = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe, 0x3c, 0x26, ...Buffer.from(stage.unique(''))])
    const info = { contentType: 'image/png', contentSize: octets.length }
    const { body } = messageTo([juliet.account.userId], romeo, '', { info })
    const messageId = acceptedId(
      await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData: octets } }),
    )
    const isIt = (it: Answer) => it.name === 'NewMessage' && it.as('NewMessage').messageInfo.messageId === messageId
    const { messageInfo, contentData } = (await juliet.receive('the picture', isIt)).as('NewMessage')
    stage.expect(messageInfo.contentEncoding, 'the encoding').is('BASE64')
    stage.expect(contentData, 'the content').is(Buffer.from(octets).toString('base64'))
    stage.expect(messageInfo.contentSize, 'the content size, after encoding').is(String(contentData).length)
  }),

  scenario('SERV-S-007', '5.6.1', 'Text that a binary phone sends as octets reaches XML as text', async stage => {
    const [binary, xml] = [{ syntax: 'wbxml' }, { syntax: 'xml' }] as const
    const [romeo, juliet] = [await stage.phone('romeo', binary).online(), await stage.phone('juliet', xml).online()]
    await juliet.fetchAll()
    const text = stage.unique('\u00e4 < \u4e2d')
    const { body } = messageTo([juliet.account.userId], romeo, text)
    const contentData = new TextEncoder().encode(text)
    acceptedId(await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData } }))
    await juliet.receiveMessage(text)
  }),

  scenario('SERV-S-007', '5.6.1', 'A message without a content type is taken for text', async stage => {
    const { messageInfo } = await received(stage, stage.unique('Untyped'), { info: { contentType: undefined } })
    stage.expect(messageInfo.contentType, 'the content type').isOneOf([undefined, 'text/plain'])
  }),

  scenario(
    'IMSE-S-002',
    '9.2 as Movistar clients write it',
    'A wrong content size keeps no message back',
    async stage => {
      await received(stage, stage.unique('148?'), { info: { contentType: 'text/html', contentSize: 148 } })
    },
  ),

  scenario('IMSE-S-005', '9.2', 'Message-Info says who, to whom, when, how large and of what type', async stage => {
    const text = stage.unique('Tell everything')
    const { messageInfo, romeo, juliet } = await received(stage, text)
    const { expect } = stage
    expect(messageInfo.sender.user?.userId.toLowerCase(), 'the sender').is(romeo.account.userId.toLowerCase())
    expect(messageInfo.recipient.users[0]?.userId.toLowerCase(), 'the recipient').is(
      juliet.account.userId.toLowerCase(),
    )
    expect(messageInfo.contentType, 'the content type').is('text/plain')
    expect(messageInfo.contentSize, 'the content size').is(text.length)
    const age = Date.now() - Number(expect(messageInfo.dateTime, 'the date').isPresent())
    expect(Math.abs(age), 'the age of the message in milliseconds').isBetween(0, 86_400_000)
  }),

  scenario(
    'IMSE-S-005',
    '9.2',
    'Name, font and validity of the content are passed on',
    async stage => {
      const info = { contentName: 'note.txt', font: { size: 'Big', styles: ['Bold'], color: 'Red' }, validity: 3600 }
      const { messageInfo } = await received(stage, stage.unique('In red'), { info })
      stage.expect(messageInfo.contentName, 'the name').is('note.txt')
      stage.expect(messageInfo.font, 'the font').is(info.font)
      stage.expect(messageInfo.validity, 'the validity').is(3600)
    },
    { since: '1.3' },
  ),

  scenario(
    'IMSE-S-005',
    '9.2 as AOSP clients need it',
    'The date is written in the basic form of ISO 8601',
    async stage => {
      const { came } = await received(stage, stage.unique('What is the time?'))
      stage
        .expect(textOfReply(came.reply), 'the message')
        .matches(/<DateTime>\d{8}T\d{6}(Z|[+-]\d{2}(:?\d{2})?)?<\/DateTime>/)
    },
    { syntax: 'xml' },
  ),

  scenario('NEWM-S-001', '9.1.5', 'A message tells the client it is from, if its sender did', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('From this very phone')
    const sender = { user: { userId: romeo.account.userId, clientId: romeo.clientId } }
    await sendText(romeo, juliet, text, { info: { sender } })
    const { messageInfo } = (await juliet.receiveMessage(text)).as('NewMessage')
    stage.expect(messageInfo.sender.user?.clientId, 'the Client-ID of the sender').is(romeo.clientId)
  }),

  scenario('NEWM-S-002', '9.1.5', 'A message can consist of a reference to its content', async stage => {
    const { romeo, juliet } = await couple(stage)
    const messageUri = `http://media.example/${encodeURIComponent(stage.unique('rose'))}`
    const { body } = messageTo([juliet.account.userId], romeo, '', { info: { messageUri } })
    const answer = await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData: undefined } })
    stage.expect(answer.code, 'the status code').is(200)
    const came = await juliet.receive(
      'the reference',
      it => it.name === 'NewMessage' && it.as('NewMessage').messageInfo.messageUri === messageUri,
    )
    stage.expect(came.as('NewMessage').contentData, 'the content').isAbsent()
  }),

  scenario(
    'NEWM-S-002',
    '9.1.1.1',
    'What a reference into the own network of a server refers to is not told',
    async stage => {
      const { romeo, juliet } = await couple(stage)
      const places = ['127.0.0.1:1', '[::1]:1', '10.0.0.1', '169.254.169.254', 'user:secret@localhost:1']
      const references = [...places.map(place => `http://${place}/secret`), 'file:///etc/passwd']
      for (const messageUri of references) {
        const { body } = messageTo([juliet.account.userId], romeo, '', { info: { messageUri } })
        const answer = await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData: undefined } })
        if (answer.code !== 200) {
          stage.expect(answer.code, 'the status code').isBetween(400, 599)
          continue
        }
        const isIt = (it: Answer) =>
          it.name === 'NewMessage' && it.as('NewMessage').messageInfo.messageId === acceptedId(answer)
        const { messageInfo, contentData } = (await juliet.receive('the reference', isIt)).as('NewMessage')
        stage.expect(messageInfo.messageUri, 'the reference').is(messageUri)
        stage.expect(contentData, 'the content').isAbsent()
      }
    },
  ),

  scenario('IMSE-S-002', '9.2', 'A message with neither content nor a reference is refused', async stage => {
    const { romeo, juliet } = await couple(stage)
    const { body } = messageTo([juliet.account.userId], romeo, '')
    const answer = await romeo.ask({ name: 'SendMessageRequest', body: { ...body, contentData: undefined } })
    stage.expect(answer.code, 'the status code').isBetween(400, 599)
  }),

  scenario('IMSE-S-006', '9.1.5.1', 'A message that was acknowledged never comes again', async stage => {
    const text = stage.unique('Gone for good')
    const { juliet } = await received(stage, text)
    await juliet.fetchAll()
    await juliet.logout()
    const later = await stage.phone('juliet').online()
    await later.fetchAll()
    stage.expect(later.inbox.filter(it => textOf(it) === text).length, 'the number of copies in a later session').is(0)
  }),

  scenario('IMSE-S-006', '9.1.5.1', 'A message nobody acknowledged comes again in the next session', async stage => {
    const { romeo, juliet } = await couple(stage)
    const text = stage.unique('Hold on to me')
    await sendText(romeo, juliet, text)
    await juliet.poll()
    await juliet.logout()
    const later = await stage.phone('juliet').online()
    await later.receiveMessage(text)
  }),

  scenario('IMSE-S-006', '9.1.5.1', 'Messages arrive in the order in which they were sent', async stage => {
    const { romeo, juliet } = await couple(stage)
    const texts = ['1st', '2nd', '3rd', '4th', '5th'].map(stage.unique)
    for (const text of texts) await sendText(romeo, juliet, text)
    const isOurs = (text: string | undefined) => text !== undefined && texts.includes(text)
    const came: (string | undefined)[] = []
    for (const _ of texts) came.push(textOf(await juliet.receive('the next message', it => isOurs(textOf(it)))))
    stage.expect(came, 'the order').is(texts)
  }),

  scenario('IMSE-S-006', '5.6.4.2', 'A message whose time is over is not delivered', async stage => {
    const romeo = await stage.phone().online()
    const juliet = stage.phone('juliet')
    const text = stage.unique('Too late')
    await sendText(romeo, juliet, text, { info: { validity: 1 } })
    await pause(1600)
    await juliet.online()
    await juliet.fetchAll()
    stage.expect(juliet.inbox.filter(it => textOf(it) === text).length, 'the number of copies').is(0)
  }),
]
