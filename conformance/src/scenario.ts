import type { Syntax, Version } from '@village/protocol'
import type { Audit } from './audit.ts'
import type { Expect } from './expect.ts'
import type { NoticeReceiver } from './notice-receiver.ts'
import type { Operator } from './operator.ts'
import type { Account, Phone, PhoneOptions } from './phone.ts'

/** The people of every scenario: the first two users the runner was given. */
export type Person = 'romeo' | 'juliet'

export interface Stage {
  readonly version: Version
  readonly syntax: Syntax
  readonly accounts: Readonly<Record<Person, Account>>
  /** A new phone, with a Client-ID nobody had before; it is logged out when the scenario ends. */
  phone(person?: Person, changes?: Partial<PhoneOptions>): Phone
  /** A third user, for scenarios on crowds. Where the runner was given two, the scenario ends without a verdict. */
  third(): Account
  readonly expect: Expect
  /** What was noticed of all that the server has said so far, in any scenario. */
  readonly audit: Audit
  /** The text with something added that makes it unlike any other message. */
  unique(text: string): string
  /** The server's operator. Without one to ask, the scenario ends without a verdict. */
  operator(): Operator
  /** What users are sent who are not logged in. Where nobody hears it, the scenario ends without a verdict. */
  notices(): NoticeReceiver
  /** Ends the scenario without a verdict, for servers that make a permitted choice it has nothing to say about. */
  skip(reason: string): never
}

export interface Applies {
  /** First version the clause is in. */
  readonly since?: Version | undefined
  /** Last version that has what it is about. */
  readonly until?: Version | undefined
  /** The only syntax in which this can be said. */
  readonly syntax?: Syntax | undefined
  /** Chooses its versions and syntaxes itself, and so runs once. */
  readonly once?: true | undefined
}

export interface Scenario {
  /** Conformance items of CSP appendix B it shows something about; none for what only clients in the field ask. */
  readonly items: readonly string[]
  /** Section of CSP 1.3, or the document it is from. */
  readonly clause: string
  /** What must be true, in one sentence. */
  readonly title: string
  readonly run: (stage: Stage) => Promise<void>
  readonly applies: Applies
}

/** @param items one id or several, without `IMPS-CSP-`, separated by blanks */
export const scenario = (
  items: string,
  clause: string,
  title: string,
  run: Scenario['run'],
  applies: Applies = {},
): Scenario => ({
  items: items
    .split(' ')
    .filter(id => id !== '')
    .map(fullId),
  clause,
  title,
  run,
  applies,
})

const fullId = (id: string) => (id.startsWith('IMPS-CSP-') ? id : `IMPS-CSP-${id}`)
