import { textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { messageTo } from './send.ts'

const refusedText = 'Not for delivery'

/** That a message with something wrong in its Message-Info is refused as it should be. */
const refusedWith =
  (code: number, wrong: (stage: Stage) => Parameters<typeof messageTo>[3], to?: (stage: Stage) => string) =>
  async (stage: Stage) => {
    const romeo = await stage.phone().online()
    const recipients = [to?.(stage) ?? stage.accounts.juliet.userId]
    const answer = await romeo.ask(messageTo(recipients, romeo, refusedText, wrong(stage)))
    answer.as('Status')
    stage.expect(answer.code, 'the status code').is(code)
  }

const nothing = () => ({})
const screenName = { screenName: { name: 'Montague', groupId: 'wv:/verona' } }

/** Messages that must not be accepted (CSP 9.1.1.1, 9.1.1.2). */
export const refusals: readonly Scenario[] = [
  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.1.1.1',
    'Nobody sends in the name of somebody else: 427',
    refusedWith(427, ({ accounts }) => ({
      info: { sender: { user: { userId: accounts.juliet.userId } } },
    })),
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.1.1.1',
    'Nobody sends in the name of another client: 428',
    refusedWith(428, ({ accounts }) => ({
      info: { sender: { user: { userId: accounts.romeo.userId, clientId: { url: 'http://phones.example/stolen' } } } },
    })),
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.1.1.1',
    'Nobody sends in the name of another application: 451',
    refusedWith(451, ({ accounts }) => ({
      info: { sender: { user: { userId: accounts.romeo.userId, applicationId: 'SomebodyElsesGame' } } },
    })),
    { since: '1.3' },
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1.2',
    'A message to an unknown user gets 531',
    refusedWith(531, nothing, ({ accounts }) => accounts.juliet.userId.replace(/^wv:/, 'wv:nobody-')),
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1.2',
    'A message to a domain out of reach gets 516',
    refusedWith(516, nothing, () => 'wv:someone@nowhere.invalid'),
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1.2',
    'A message to a contact list that does not exist gets 700',
    refusedWith(700, ({ accounts }) => ({
      info: { recipient: { contactLists: [accounts.romeo.userId.replace('@', '/nobody-made-this@')] } },
    })),
  ),

  scenario(
    'IMSE-S-002',
    '9.1.1.2',
    'A message to a group that does not exist gets 800',
    refusedWith(800, ({ accounts }) => ({
      info: { recipient: { groups: [{ groupId: accounts.romeo.userId.replace('@', '/nobody-made-this@') }] } },
    })),
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.2',
    'A screen name as sender of a message to a user gets 508',
    refusedWith(508, () => ({
      info: { sender: { group: screenName } },
    })),
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.2',
    'A message from a user to a screen name gets 508',
    refusedWith(508, () => ({ info: { recipient: { groups: [screenName] } } })),
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.2',
    'A message to a user and a screen name at once gets 508, from whomever it is',
    async stage => {
      for (const sender of [undefined, { group: screenName }]) {
        const users = [{ userId: stage.accounts.juliet.userId }]
        const info = { recipient: { users, groups: [screenName] }, ...(sender && { sender }) }
        await refusedWith(508, () => ({ info }))(stage)
      }
      // Nor did those get it to whom it might have gone.
      const juliet = await stage.phone('juliet').online()
      await juliet.fetchAll()
      const came = juliet.inbox.filter(it => textOf(it) === refusedText)
      stage.expect(came.length, 'the number of copies').is(0)
    },
  ),

  scenario(
    'IMSE-S-002 SERV-S-006',
    '9.2',
    'A screen name as sender of a message to a contact list gets 508',
    refusedWith(508, ({ accounts }) => {
      const contactLists = [accounts.romeo.userId.replace('@', '/friends@')]
      return { info: { sender: { group: screenName }, recipient: { contactLists } } }
    }),
  ),

  ...(['sender', 'recipient'] as const).map(place =>
    scenario(
      'IMSE-S-002 SERV-S-006',
      '9.1.1.1',
      `Nobody is named by a client and an application at once as ${place}`,
      async stage => {
        const applicationId = 'Chess'
        const romeo = await stage.phone().online({ applicationId })
        const { juliet } = stage.accounts
        const twofold = (userId: string) => ({ userId, clientId: romeo.clientId, applicationId })
        const info =
          place === 'sender'
            ? { sender: { user: twofold(romeo.account.userId) } }
            : { recipient: { users: [twofold(juliet.userId)] } }
        const answer = await romeo.ask(messageTo([juliet.userId], romeo, refusedText, { info }))
        answer.as('Status')
        stage.expect(answer.code, 'the status code').isBetween(400, 599)
      },
      { since: '1.3' },
    ),
  ),
]
