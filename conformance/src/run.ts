import { versions as allVersions, type Syntax, type Version } from '@village/protocol'
import { Audit } from './audit.ts'
import { expect, Missed, Skipped } from './expect.ts'
import { createHttpClient, type HttpClient } from './http.ts'
import type { NoticeReceiver } from './notice-receiver.ts'
import { createOperator, type OperatorAddress } from './operator.ts'
import { type Account, Phone } from './phone.ts'
import type { Scenario, Stage } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { Transcript } from './transcript.ts'

export interface ConformanceOptions {
  /** Where the server hears IMPS clients, `http://…` or `https://…`. */
  readonly url: string
  /**
   * Two users of the server or three, that nobody else uses meanwhile: their waiting messages are fetched, their contact
   * lists and attribute lists deleted, and their presence is taken back.
   */
  readonly users: readonly [Account, Account, ...Account[]]
  /** Where the server takes orders; scenarios that need an operator are skipped without. */
  readonly operator?: OperatorAddress | undefined
  /** Where the server posts notices for users who are not logged in; scenarios about them are skipped without. */
  readonly notices?: NoticeReceiver | undefined
  readonly versions?: readonly Version[] | undefined
  readonly syntaxes?: readonly Syntax[] | undefined
  /** Runs only scenarios in whose items, clause or title this occurs. */
  readonly only?: string | undefined
  /** Milliseconds between two polls of a phone, for servers that hold clients to ServerPollMin; 0 if left out. */
  readonly pollPause?: number | undefined
  /** Told of every result as it comes. */
  readonly report?: ((result: Result) => void) | undefined
}

/** What became of one scenario in one version and syntax. */
export interface Result {
  readonly scenario: Scenario
  readonly version: Version
  readonly syntax: Syntax
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly reason?: string | undefined
  /** What was sent and what came back, for failures. */
  readonly transcript?: string | undefined
}

/** Plays all scenarios to a server, one after the other, in each version and syntax. */
export async function runConformance(options: ConformanceOptions): Promise<readonly Result[]> {
  const { url, versions = allVersions, syntaxes = ['xml', 'wbxml'], only, report } = options
  const chosen = scenarios().filter(scenario => only === undefined || mentions(scenario, only))
  const http = createHttpClient(url)
  const audit = new Audit()
  const results: Result[] = []
  const play = async (scenario: Scenario, version: Version, syntax: Syntax) => {
    const result = await perform(scenario, version, syntax, { http, audit }, options)
    results.push(result)
    report?.(result)
  }
  try {
    for (const version of versions)
      for (const syntax of syntaxes)
        for (const scenario of chosen)
          if (!scenario.applies.once && appliesTo(scenario, version, syntax)) await play(scenario, version, syntax)
    for (const scenario of chosen) if (scenario.applies.once) await play(scenario, versions[0]!, syntaxes[0]!)
  } finally {
    http.close()
  }
  return results
}

const appliesTo = ({ applies }: Scenario, version: Version, syntax: Syntax) =>
  (applies.since === undefined || applies.since <= version) &&
  (applies.until === undefined || version <= applies.until) &&
  (applies.syntax === undefined || applies.syntax === syntax)

const mentions = ({ items, clause, title }: Scenario, text: string) =>
  [...items, clause, title].some(it => it.toLowerCase().includes(text.toLowerCase()))

async function perform(
  scenario: Scenario,
  version: Version,
  syntax: Syntax,
  { http, audit }: { readonly http: HttpClient; readonly audit: Audit },
  { users, operator, notices, pollPause = 0 }: ConformanceOptions,
): Promise<Result> {
  const transcript = new Transcript()
  const phones: Phone[] = []
  const accounts = { romeo: users[0], juliet: users[1] }
  const mark = Math.random().toString(36).slice(2, 8)
  const stage: Stage = {
    version,
    syntax,
    accounts,
    expect,
    audit,
    phone: (person = 'romeo', changes = {}) => {
      const clientId = { url: `http://${mark}.phones.example/${phones.length + 1}` }
      const account = accounts[person]
      const made = new Phone({
        name: person,
        account,
        clientId,
        version,
        syntax,
        http,
        transcript,
        audit,
        pollPause,
        ...changes,
      })
      phones.push(made)
      return made
    },
    third: () => users[2] ?? stage.skip('there have to be three users: give --user once more'),
    unique: text => `${text} (${mark})`,
    operator: () => {
      if (operator === undefined) throw new Skipped('an operator has to act: give --admin and --admin-token')
      return createOperator(operator)
    },
    notices: () => notices ?? stage.skip('somebody has to hear the notices: give --notice-port'),
    skip: reason => {
      throw new Skipped(reason)
    },
  }
  const result = await scenario.run(stage).then(
    (): Pick<Result, 'outcome'> => ({ outcome: 'passed' }),
    (thrown: Error) =>
      thrown instanceof Skipped
        ? { outcome: 'skipped' as const, reason: thrown.message }
        : {
            outcome: 'failed' as const,
            // A mistake in the scenario itself is told with the place where it happened.
            reason: thrown instanceof Missed ? thrown.message : (thrown.stack ?? thrown.message),
            transcript: transcript.tell(),
          },
  )
  for (const phone of phones) if (phone.sessionId !== undefined) await phone.logout().catch(() => undefined)
  return { scenario, version, syntax, ...result }
}
