import { describe, expect, it } from 'vitest'
import { createLog } from '../telemetry/log.ts'
import { openVillage } from '../testing/village.ts'

const recorder = (level: 'info' | 'debug') => {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level, to: { write: (line: string) => void lines.push(JSON.parse(line)) } })
  return { lines, log }
}

describe('The log', () => {
  it('tells operators who logged in, who was refused and who left, and from where', async () => {
    const { lines, log } = recorder('info')
    const phone = (await openVillage({ log })).phone('alice')
    await phone.login({ password: 'wrong' })
    await phone.login()
    await phone.ask({ name: 'LogoutRequest', body: {} })
    expect(lines.map(({ message, status, userId, source }) => [message, status, userId, source])).toEqual([
      ['Login refused', 409, 'wv:alice@example.com', '192.0.2.1'],
      ['Logged in', 200, 'wv:alice@example.com', '192.0.2.1'],
      ['Logged out', 200, 'wv:alice@example.com', '192.0.2.1'],
    ])
  })

  it('has a line for every primitive where more is asked for', async () => {
    const { lines, log } = recorder('debug')
    const alice = await (await openVillage({ log })).ready('alice')
    await alice.send('bob', 'not for the log')
    expect(lines.at(-1)).toMatchObject({ message: 'Handled', primitive: 'SendMessageRequest', status: 200 })
    expect(JSON.stringify(lines)).not.toContain('not for the log')
  })
})
