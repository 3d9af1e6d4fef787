import { describe, expect, it } from 'vitest'
import { runConformance } from '../src/index.ts'
import { startVillage } from './village.ts'

const registers = 'An unknown user is registered with a login'
const asks = 'asked with 903'
const nobody = 'Nobody logs in as a user that does not exist'
const anybody = { 'login.register.terms': undefined, 'login.register.reserved': 'root' }

/** What a server of ours may do as well, and what scenarios then say. */
const choices: readonly [choice: string, changes: Record<string, string | undefined>, only: string, outcome: object][] =
  [
    [
      'registers nobody',
      { 'login.register.byPassword': 'false' },
      registers,
      { outcome: 'skipped', reason: 'the server does not register unknown users as they log in' },
    ],
    [
      'registers the invited only',
      { 'login.register.invitation': 'seven swans' },
      registers,
      { outcome: 'skipped', reason: 'the server registers only those who know a word' },
    ],
    ['takes digests only', { 'http.requireDigest': 'true' }, 'a password gets 401', { outcome: 'passed' }],
    ['lets a user log in twice', { 'session.maxPerUser': '2' }, 'beyond the number of sessions', { outcome: 'passed' }],
    ['registers without asking', anybody, registers, { outcome: 'passed' }],
    ['registers without asking', anybody, asks, { outcome: 'skipped', reason: 'the server asks newcomers nothing' }],
    [
      'takes very many wrong answers',
      { 'announcements.maxWrongAnswers': '100' },
      'Who answers wrongly again and again',
      { outcome: 'skipped', reason: 'the server takes 25 wrong answers and more, as CSP 7.1.2 allows' },
    ],
    [
      'registers everybody',
      anybody,
      nobody,
      { outcome: 'skipped', reason: 'the server registers unknown users as they log in' },
    ],
  ]

describe('a server that makes a permitted choice', () => {
  it.each(choices)('%s: %j, "%s"', async (_, changes, only, outcome) => {
    const village = await startVillage(changes)
    try {
      const users = await village.couple()
      const { url, operator } = village
      const results = await runConformance({ url, operator, users, versions: ['1.3'], only })
      expect(results).toHaveLength(2)
      for (const result of results) expect(result).toMatchObject(outcome)
    } finally {
      await village.stop()
    }
  })
})
