import type { Version } from '@village/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runConformance } from '../src/index.ts'
import { type Said, startLiar } from './liar.ts'
import { startVillage } from './village.ts'

const inBody = (pattern: RegExp, instead: string) => (said: Said) => ({
  ...said,
  body: said.body.replace(pattern, instead),
})

/** Says nothing at all where it should tell of this. */
const silentAbout = (pattern: RegExp) => (said: Said) =>
  said.body.includes('<PresenceNotification-Request>') && pattern.test(said.body) ? { ...said, body: '' } : said

const told = (attribute: string, value: string) =>
  `<${attribute}><Qualifier>T</Qualifier><PresenceValue>${value}</PresenceValue></${attribute}>`

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
    'success for those who failed, beside those who did not',
    inBody(/<Code>531</g, '<Code>200<'),
    'A partial success names what succeeded',
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
  [
    "sizes that are somebody else's",
    inBody(/<ContentSize>[^<]*</g, '<ContentSize>7<'),
    'The size of content is what it is, whatever its sender says',
  ],
  [
    'octets that went astray',
    inBody(/<ContentData>AAEC/g, '<ContentData>AAIB'),
    'Octets of all values arrive as they were sent at a phone that reads XML',
  ],
  [
    'more recipients than one is to know of',
    inBody(/(<Recipient>)(<User>.*?<\/User>)/g, '$1$2$2'),
    'A user who is named twice, by a client and on a contact list gets one message',
  ],
  [
    'messages to screen names of nobody',
    inBody(/<Code>508</g, '<Code>531<'),
    'A message to a user and a screen name at once gets 508',
  ],
  [
    'success for what is not there, or not for this user',
    inBody(/<Code>426</g, '<Code>200<'),
    'Nobody does anything with the message of somebody else, be it the sender',
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
  [
    'attribute lists that say nothing of an empty default',
    inBody(/<DefaultAttributeList>.*?<\/DefaultAttributeList>/g, ''),
    'The default attribute list is told to who asks for it, be it empty',
  ],
  [
    'wishes to be asked that nobody had',
    inBody(/<\/UserID>(?=<PresenceSubList)/g, '</UserID><UserNotify>F</UserNotify>'),
    'Whether somebody wants to be asked is told as it was said, and not at all where it never was',
    '1.3',
  ],
  [
    'authorisations of more than was authorised',
    inBody(/(?<!DefaultAttributeList>)(<PresenceSubList[^>]*>)/g, '$1<StatusMood></StatusMood>'),
    'Attribute lists of users, contact lists and everybody are read as they were created',
  ],
  [
    'what it should keep to itself',
    inBody(/<\/PresenceSubList>/g, `${told('Alias', 'Jule')}$&`),
    'Without an authorisation nothing is seen',
  ],
  [
    'changes of authorisations without the attributes',
    inBody(/(<NotificationType>AC<.*?)<PresenceSubList.*?<\/PresenceSubList>/g, '$1'),
    'A change of attribute lists is notified to the other clients',
    '1.3',
  ],
  [
    'success for attributes that it does not know',
    inBody(/<Code>750</g, '<Code>200<'),
    'A subscription to an attribute that there is not is refused, with all others in it: 750',
  ],
  [
    'silence where there is nothing to be seen',
    silentAbout(/<PresenceSubList[^>]*><\/PresenceSubList>/),
    'Who subscribes is told also that there is nothing to be seen',
  ],
  ['silence about changes', silentAbout(/>two</), 'Who subscribes to some attributes is told of those only'],
  ['the past', inBody(/>four</g, '>three<'), 'After several changes the last is what a subscriber knows'],
  [
    'values that are always valid',
    inBody(/<Qualifier>F</g, '<Qualifier>T<'),
    'Whoever is told of has a PresenceSubList, with Qualifier T where there is a value and F where there is none',
  ],
  [
    'presence without a list of attributes',
    inBody(/<PresenceSubList.*?<\/PresenceSubList>/g, ''),
    'Whoever is told of has a PresenceSubList, with Qualifier T where there is a value and F where there is none',
  ],
  [
    'presence of somebody else',
    inBody(/<Presence><UserID>[^<]*</g, '<Presence><UserID>wv:tybalt@village.local<'),
    'Subscribers are told of users by User-ID, and of nobody else',
  ],
  [
    'attributes without a value among those that are read',
    inBody(/(<GetPresence-Response>.*)(<\/PresenceSubList>)/g, '$1<StatusMood><Qualifier>F</Qualifier></StatusMood>$2'),
    'Who asks for no attribute is told all that there is and may be seen, and nothing else',
  ],
  [
    'users who never leave',
    inBody(/(<OnlineStatus><Qualifier>T<\/Qualifier><PresenceValue>)F/g, '$1T'),
    'Who is offline has that as OnlineStatus',
  ],
  [
    'clients without names',
    inBody(/<ClientID>.*?<\/ClientID>/g, ''),
    'Each client has a status of its own, marked with its Client-ID',
    '1.3',
  ],
  [
    'success for values that it does not know',
    inBody(/<Code>751</g, '<Code>200<'),
    'A value that there is not cannot be published, nor others with it: 751',
  ],
  [
    'watchers of the past',
    inBody(/CURRENT_SUBSCRIBER/g, 'FORMER_SUBSCRIBER'),
    'Who watches is on the watcher list, once, until nothing is watched any more',
  ],
  [
    'a longer history of watchers than was asked for',
    inBody(/<GetWatcherList-Response>/g, '$&<HistoryPeriod>86400</HistoryPeriod>'),
    'A watcher list covers no longer a period than was asked for, and none that was not',
  ],
  [
    'contacts that are told as added when they were removed',
    inBody(/RemoveNickList>/g, 'AddNickList>'),
    'What one client changes on a contact list is told to another that has agreed on it, and to no others',
    '1.3',
  ],
  [
    'a lock-out without an end',
    inBody(/<TryAgainTimeout>[^<]*<\/TryAgainTimeout>/g, ''),
    'Who answers wrongly again and again is disconnected with 607',
    '1.3',
  ],
  [
    'another reason to disconnect those who answer wrongly',
    inBody(/(<Disconnect>.*<Code>)607</gs, '$1600<'),
    'Who answers wrongly again and again is disconnected with 607',
    '1.3',
  ],
  [
    'old nicknames',
    inBody(/(<AddNickList><NickName><Name>)[^<]*/g, '$1J'),
    'A new nickname is told as an addition',
    '1.3',
  ],
]

describe('a server that does not do what it must', () => {
  let village: Awaited<ReturnType<typeof startVillage>>
  beforeAll(async () => {
    village = await startVillage()
  })
  afterAll(() => village.stop())

  it.concurrent.each(lies)(
    'is caught with %s',
    async (_, lie, noticedBy, version = '1.2') => {
      const liar = await startLiar(village.url, lie)
      try {
        const users = await village.trio()
        const results = await runConformance({
          url: liar.url,
          operator: village.operator,
          users,
          versions: [version],
          syntaxes: ['xml'],
          only: noticedBy,
        })
        expect(results.map(({ outcome }) => outcome)).toEqual(['failed'])
      } finally {
        await liar.stop()
      }
    },
    60_000,
  )
})
