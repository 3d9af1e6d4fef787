import { answersIn } from '../answer.ts'
import { textOf } from '../phone.ts'
import { withOwner } from '../presence/list-owner.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { copies, twoClients } from './copies.ts'
import { couple, messageTo } from './send.ts'

/** A user that there is not. */
const nobody = (userId: string) => userId.replace(/^wv:/, 'wv:nobody-')

/** Who is meant by a Recipient that names many, or some in many ways (CSP 5.5.2.1, 9.1.1). */
export const recipients: readonly Scenario[] = [
  scenario(
    'SERV-S-006 IMSE-S-002',
    '5.5.2.1',
    'A user who is named twice, by a client and on a contact list gets one message, and no client gets it twice',
    withOwner(async (stage, romeo) => {
      const two = await twoClients(stage)
      const { clientId, account } = two[1]
      const { userId } = account
      await romeo.create(romeo.list('friends'), { nickList: [{ userId }] })
      const recipient = {
        users: [{ userId }, { userId: userId.toUpperCase().replace('WV:', 'wv:') }, { userId, clientId }],
        contactLists: [romeo.list('friends'), romeo.list('Friends')],
      }
      const text = stage.unique('One for all')
      const answer = await romeo.phone.ask(messageTo([], romeo.phone, text, { info: { recipient } }))
      stage.expect(answer.code, 'the answer').is(200)
      const [first, named] = await copies(text, two)
      stage.expect(named, 'the number of copies at the client that is named').is(1)
      stage.expect(first, 'the number of copies at the other').isBetween(0, 1)
      for (const it of two.flatMap(phone => phone.inbox).filter(it => textOf(it) === text)) {
        const { messageInfo } = it.as('NewMessage')
        stage.expect(messageInfo.recipient.users.length, 'the number of recipients that is told').is(1)
        stage.expect(messageInfo.recipient.contactLists, 'the lists that are told').is([])
        stage.expect(messageInfo.messageId, 'the Message-ID').is(answer.as('SendMessageResponse').messageId)
      }
    }),
  ),

  scenario(
    'IMSE-S-002 ADDR-S-005',
    '9.1.1',
    'Of several recipients those who can have a message get it, and each of the others is named with the reason',
    withOwner(async (stage, romeo) => {
      const juliet = await stage.phone('juliet').online()
      const { userId } = juliet.account
      await romeo.create(romeo.list('empty'))
      const [theirs, empty] = [userId.replace('@', '/friends@'), romeo.list('empty')]
      const users = [nobody(userId), userId, 'wv:someone@nowhere.invalid'].map(each => ({ userId: each }))
      const recipient = { users, contactLists: [theirs, empty] }
      const text = stage.unique('Whoever there is')
      const answer = await romeo.phone.ask(messageTo([], romeo.phone, text, { info: { recipient } }))
      stage.expect(answer.code, 'the answer').is(201)
      const failed = Object.fromEntries(answer.failures.map(({ code, about }) => [code, about]))
      stage.expect(failed[531], 'the unknown users').is([nobody(userId)])
      stage.expect(failed[516], 'the users of domains out of reach').is(['wv:someone@nowhere.invalid'])
      // 1.1 has no place for contact lists.
      const lists = (list: string) => (stage.version === '1.1' ? [] : [list])
      stage.expect(failed[700], 'the unknown contact lists').is(lists(theirs))
      stage.expect(failed[703], 'the empty contact lists').is(lists(empty))
      await juliet.receiveMessage(text)
    }),
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1',
    'A message to ten thousand is refused as a whole, or lost for none of those who can have it',
    async stage => {
      const { romeo, juliet } = await couple(stage)
      const { userId } = juliet.account
      await romeo.negotiate({ parserSize: 1_000_000 })
      const strangers = Array.from({ length: 9998 }, (_, number) => `wv:nobody-${number}`)
      const text = stage.unique('To whom it may concern')
      const primitive = messageTo([userId, ...strangers, romeo.account.userId], romeo, text)
      const reply = await romeo.send([{ mode: 'Request', id: romeo.nextId(), primitive }])
      const code = answersIn(reply, 'Response')[0]?.code
      if (reply.http.status === 200) stage.expect(code, 'the status code').isBetween(200, 999)
      else stage.expect(reply.http.status, 'the HTTP status').isOneOf([413, 503])
      const isTaken = code !== undefined && code >= 200 && code < 300
      const counts = await copies(text, [juliet, romeo])
      // Where the answer was too long for the phone it may have been done all the same.
      if (code !== 432) stage.expect(counts, 'the copies of the first and the last').is(isTaken ? [1, 1] : [0, 0])
      const after = await romeo.ask(messageTo([userId], romeo, stage.unique('And now to you')))
      stage.expect(after.code, 'the answer to the next message').is(200)
    },
  ),

  scenario(
    'IMSE-S-002 IMSE-S-012',
    '9.1.1.2',
    'Nobody writes from an application that the own block list keeps away, nor to one: 452',
    async stage => {
      const applicationId = `Chess${stage.unique('').replace(/\W/g, '')}`
      const romeo = await stage.phone().online({ applicationId })
      const juliet = await stage.phone('juliet').online()
      const applicationIds = [applicationId.toUpperCase()]
      const change = (list: 'addList' | 'removeList', isInUse: boolean) =>
        romeo.ask({
          name: 'BlockEntityRequest',
          body: { blockList: { [list]: { applicationIds } }, blockListInUse: isInUse },
        })
      const blocked = await change('addList', true)
      if ([405, 506].includes(blocked.code ?? 0)) stage.skip('BLENT is not offered')
      try {
        const { userId } = juliet.account
        const sender = { user: { userId: romeo.account.userId, applicationId } }
        const from = await romeo.ask(messageTo([userId], romeo, stage.unique('Check'), { info: { sender } }))
        stage.expect(from.code, 'the answer to a message from it').is(452)
        const recipient = { users: [{ userId, applicationId }] }
        const to = await romeo.ask(messageTo([], romeo, stage.unique('Mate'), { info: { recipient } }))
        stage.expect(to.code, 'the answer to a message to it').is(452)
        const plain = stage.unique('No game')
        const neither = await romeo.ask(messageTo([userId], romeo, plain))
        stage.expect(neither.code, 'the answer to a message that has nothing to do with it').is(200)
        await juliet.receiveMessage(plain)
      } finally {
        await change('removeList', false)
      }
    },
    { since: '1.3' },
  ),
]
