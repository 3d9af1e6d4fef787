import type { Version } from '@village/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runConformance } from '../src/index.ts'
import { type Said, startLiar } from './liar.ts'
import { startVillage } from './village.ts'

const inBody = (pattern: RegExp, instead: string) => (said: Said) => ({
  ...said,
  body: said.body.replace(pattern, instead),
})

/** A fault, and a scenario that is not allowed to overlook it. */
const lies: readonly [fault: string, lie: (said: Said) => Said, noticedBy: string, version?: Version][] = [
  [
    'another Transaction-ID',
    inBody(/<TransactionID>[^<]*</g, '<TransactionID>0<'),
    'An answer has the Transaction-ID of its request, whatever it looks like',
  ],
  [
    'sessions that are called Outband',
    inBody(/>Inband</g, '>Outband<'),
    'Inside a session answers are Inband and name it',
  ],
  [
    'another media type',
    said => ({ ...said, headers: { 'Content-Type': 'application/vnd.wv.csp.wbxml' } }),
    'Every answer of a session is in the syntax of its login',
  ],
  [
    'HTTP 204 for nothing',
    said => (said.body === '' ? { ...said, status: 204 } : said),
    'A poll with nothing waiting gets an empty 200 of stated length',
  ],
  ['no Poll flag', inBody(/<Poll>.<\/Poll>/g, ''), 'The Poll flag says whether something waits'],
  ['a Poll flag that is always up', inBody(/<Poll>F</g, '<Poll>T<'), 'The Poll flag says whether something waits'],
  [
    'success in place of partial success',
    inBody(/<Code>201</g, '<Code>200<'),
    'A partial success is told as 201 with what failed',
  ],
  [
    'partial success without details',
    inBody(/<DetailedResult>.*<\/DetailedResult>/gs, ''),
    'A partial success is told as 201 with what failed',
  ],
  ['every wrong password welcome', inBody(/<Code>409</g, '<Code>200<'), 'A wrong password opens no session'],
  ['no nonce', inBody(/<Nonce>[^<]*<\/Nonce>/g, ''), 'A digest login with MD5 opens a session'],
  [
    'no Disconnect',
    inBody(/<Disconnect>.*<\/Disconnect>/gs, '<Status><Result><Code>604</Code></Result></Status>'),
    'An idle session ends with a Disconnect',
  ],
  ['changed texts', inBody(/<ContentData>/g, '<ContentData>!'), 'Text arrives as it was sent, whatever is in it'],
  [
    'another Message-ID',
    inBody(/<MessageID>/g, '<MessageID>x'),
    'A sender who asked is told that the message has arrived',
  ],
  [
    'no date',
    inBody(/<DateTime>[^<]*<\/DateTime>/g, ''),
    'Message-Info says who, to whom, when, how large and of what type',
  ],
  [
    'the whole message in place of its notification',
    inBody(/MessageNotification>/g, 'NewMessage>'),
    'Who wants notifications is told of a message, once',
  ],
  [
    'lists that are one short',
    inBody(/<MessageInfo>(?:(?!<MessageInfo>).)*<\/MessageInfo>(?=<MessageInfo>)/s, ''),
    'All that waits is listed, announced or not',
  ],
  ['an empty list', inBody(/<Code>908</g, '<Code>200<'), 'Where nothing waits there is no list: 908'],
  [
    'success for messages that are gone',
    inBody(/<Code>426</g, '<Code>200<'),
    'An announced message can be fetched until it is confirmed',
  ],
  [
    'others let into the name of a sender',
    inBody(/(<Sender>.*?)<UserID>wv:juliet/gs, '$1<UserID>wv:romeo'),
    'A forwarded message arrives as it was, from who forwards it',
  ],
  ['local addresses', inBody(/@village\.local</g, '<'), 'What the server begins has full addresses'],
  ['no services refused', inBody(/<Code>506</g, '<Code>200<'), 'What was not agreed cannot be used'],
  [
    'newcomers who are not told their name',
    inBody(/<UserID>[^<]*<\/UserID>/g, ''),
    'An unknown user is registered with a login, and told under which User-ID',
    '1.3',
  ],
  [
    'newcomers who are asked nothing behind 903',
    inBody(/<SystemMessageList>.*<\/SystemMessageList>/gs, ''),
    'Who has to answer something to be registered is asked with 903, and not served before',
    '1.3',
  ],
  [
    'the default contact list among the others',
    inBody(/<DefaultContactList>([^<]*)</, '<ContactList>$1</ContactList>$&'),
    'The default contact list is told apart from the others',
  ],
  [
    'contacts without nicknames',
    inBody(/<NickName><Name>[^<]*<\/Name>(.*?)<\/NickName>/g, '$1'),
    'Who is added to a contact list without a nickname is given one',
  ],
  [
    'members nobody asked for',
    inBody(/(<ListManage-Response>.*?<\/Result>)(<ContactList)?/, '$1<NickList></NickList>$2'),
    'The users of a contact list are told only to who wants to know',
  ],
  [
    'success for a list that is there already',
    inBody(/<Code>701</g, '<Code>200<'),
    'A contact list that is there cannot be created again: 701, in any case',
  ],
  [
    'a default list that can be given up',
    inBody(/(<Name>Default<\/Name><Value>)T/g, '$1F'),
    'The default contact list changes when another is made it, and in no other way',
  ],
  [
    'notification types that it does not know, subscribed to',
    inBody(/<Code>433</g, '<Code>200<'),
    'A subscription to a notification type that there is not is refused as a whole: 433',
    '1.3',
  ],
  [
    'notifications that say too much',
    inBody(/<NotificationType>BLUC</g, '<NotificationType>BLC<'),
    'A client is sent the notification types it has subscribed to, and no others',
    '1.3',
  ],
  [
    'a user who added nobody',
    inBody(/<UserList>.*?<\/UserList>/g, '<UserList></UserList>'),
    'Who is added to a contact list is notified by whom, once',
    '1.3',
  ],
]

describe('a server that does not do what it must', () => {
  let village: Awaited<ReturnType<typeof startVillage>>
  beforeAll(async () => {
    village = await startVillage()
  })
  afterAll(() => village.stop())

  it.concurrent.each(lies)('is caught with %s', async (_, lie, noticedBy, version = '1.2') => {
    const liar = await startLiar(village.url, lie)
    try {
      const users = await village.couple()
      const results = await runConformance({
        url: liar.url,
        users,
        versions: [version],
        syntaxes: ['xml'],
        only: noticedBy,
      })
      expect(results.map(({ outcome }) => outcome)).toEqual(['failed'])
    } finally {
      await liar.stop()
    }
  })
})
