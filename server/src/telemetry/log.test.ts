import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createLog, type LogLevel, silentLog } from './log.ts'

const canary = 'CANARY-a8f3'

const setUp = (level: LogLevel = 'trace', pretty = false) => {
  const lines: string[] = []
  const log = createLog({ level, pretty, to: { write: line => lines.push(line) } })
  return { log, lines, read: () => lines.map(line => JSON.parse(line)) }
}

describe('log', () => {
  it('writes one JSON line with time, level, message and fields', () => {
    const { log, read } = setUp()
    log.child({ component: 'csp' }).warn('slow', { userId: 'wv:alice@example.com', durationMs: 12 })
    expect(read()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        level: 'warn',
        message: 'slow',
        component: 'csp',
        userId: 'wv:alice@example.com',
        durationMs: 12,
      },
    ])
  })

  it('says nothing below its level', () => {
    const { log, lines } = setUp('warn')
    log.info('quiet')
    log.error('loud')
    expect(lines).toHaveLength(1)
    expect(() => silentLog().fatal('nothing')).not.toThrow()
  })
})

describe.each([false, true])('secrets (pretty: %s)', pretty => {
  const names =
    'password newPassword digest digestBytes nonce sessionId session sessionCookie cookie content text body headers ' +
    'authorization token key secret url toString __proto__ constructor'

  it.each(names.split(' '))('are dropped: %s', name => {
    const { log, lines } = setUp('trace', pretty)
    const fields = JSON.parse(`{ "${name}": "${canary}", "userId": "wv:a@b" }`)
    log.info('message', fields)
    log.child(fields).error('message')
    log.child({}).child(fields).fatal('message', fields)
    expect(lines).toHaveLength(3)
    expect(lines.join('')).toContain('wv:a@b')
    expect(lines.join('')).not.toContain(canary)
  })

  it('do not hide inside known fields', () => {
    const { log, lines } = setUp('trace', pretty)
    log.info('message', { userId: { password: canary }, reason: [canary] } as any)
    expect(lines.join('')).not.toContain(canary)
  })

  it('do not come in with an error', () => {
    const { log, lines } = setUp('trace', pretty)
    const errorOf = (work: () => unknown): unknown => {
      try {
        return work()
      } catch (error) {
        return error
      }
    }
    log.error('json', { error: errorOf(() => JSON.parse(`{"a": ${canary}`)) })
    log.error('argument', { error: errorOf(() => new Socket().setEncoding(canary as any)) })
    log.error('own', { error: new Error(`password ${canary}`, { cause: new Error(canary) }) })
    log.error('extra', { error: Object.assign(new Error('x'), { detail: canary, password: canary }) })
    log.error('not an error', { error: canary })
    expect(lines.length).toBe(5)
    expect(lines.join('')).not.toContain(canary)
  })
})

describe('errors', () => {
  it('keep their kind, place and, where harmless, their message', () => {
    const { log, read } = setUp()
    const system = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' })
    log.error('failed', { error: new TypeError('x is not a function', { cause: system }) })
    expect(read()[0].error).toMatchObject({
      name: 'TypeError',
      message: 'x is not a function',
      stack: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
      cause: { code: 'ENOENT', message: 'ENOENT: no such file' },
    })
  })
})

describe('pretty', () => {
  it('writes for people, and lets no value forge a line', () => {
    const { log, lines } = setUp('info', true)
    log.info('logged in', { userId: 'wv:alice@example.com', reason: 'a\n12:00:00 INFO forged' })
    log.error('failed', { error: new TypeError('one\ntwo') })
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d INFO {2}logged in {2}userId=wv:alice@example.com {2}reason="a\\n12:00:00 INFO forged"\n$/,
    )
    expect(lines[1]).toMatch(/ERROR failed\n {4}TypeError "one\\ntwo"\n {6}at /)
  })
})
