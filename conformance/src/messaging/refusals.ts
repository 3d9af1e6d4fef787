import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { messageTo } from './send.ts'

/** That a message with something wrong in its Message-Info is refused as it should be. */
const refusedWith =
  (code: number, wrong: (stage: Stage) => Parameters<typeof messageTo>[3], to?: (stage: Stage) => string) =>
  async (stage: Stage) => {
    const romeo = await stage.phone().online()
    const recipients = [to?.(stage) ?? stage.accounts.juliet.userId]
    const answer = await romeo.ask(messageTo(recipients, romeo, 'Not for delivery', wrong(stage)))
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
]
