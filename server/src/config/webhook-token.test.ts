import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readWebhookToken } from './webhook-token.ts'

const scratch = mkdtempSync(join(tmpdir(), 'village-token-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const file = (content: string, mode = 0o600): string => {
  const path = join(scratch, 'token')
  rmSync(path, { force: true })
  writeFileSync(path, content, { mode })
  return path
}

describe('The token of the webhook', () => {
  it('is what stands in the file, without the end of the line', async () => {
    expect(await readWebhookToken(file('a.b-c_d~e+f/g==\n'))).toBe('a.b-c_d~e+f/g==')
    expect(await readWebhookToken(undefined)).toBeUndefined()
  })

  it.each([
    ['that is empty', () => file('\n'), /holds no token/],
    ['of two lines', () => file('canary\nX-Other: canary'), /holds no token/],
    ['of other letters', () => file('canary é'), /holds no token/],
    ['that others can read', () => file('canary', 0o644), /chmod 600/],
    ['that is too long', () => file('canary'.repeat(1000)), /too long/],
    ['that is not there', () => join(scratch, 'none'), /is not there/],
  ])('is not taken from a file %s; the message does not repeat it', async (_, path, message) => {
    const failure = await readWebhookToken(path()).catch((error: Error) => error.message)
    expect(failure).toMatch(message)
    expect(failure).not.toContain('canary')
  })
})
