import { describe, expect, it } from 'vitest'
import { Refusal, refuse } from './refusal.ts'

const caught = (throws: () => unknown): Refusal => {
  try {
    throws()
  } catch (error) {
    if (error instanceof Refusal) return error
  }
  throw new Error('nothing was refused')
}

describe('refuse', () => {
  it('throws the status by name, with its code and default description', () => {
    const refusal = caught(() => refuse('UnknownUser'))
    expect(refusal).toBeInstanceOf(Error)
    expect(refusal).toMatchObject({ name: 'Refusal', status: 'UnknownUser', code: 531, description: 'Unknown user' })
    expect(refusal.path).toBeUndefined()
  })

  it('carries a better description and the element at fault', () => {
    const refusal = caught(() =>
      refuse('BadParameter', { description: 'Invalid invitation type', path: 'Invite-Request/InviteType' }),
    )
    expect(refusal.code).toBe(402)
    expect(refusal.message).toBe('Invalid invitation type')
    expect(refusal.description).toBe('Invalid invitation type')
    expect(refusal.path).toBe('Invite-Request/InviteType')
  })

  it('keeps the default description when only the path is given', () => {
    expect(caught(() => refuse('BadRequest', { path: 'Search-Request' })).description).toBe('Bad request')
  })

  it('returns never, so that it completes an expression', () => {
    const find = (user: string | undefined): string => user ?? refuse('UnknownUser')
    expect(find('alice')).toBe('alice')
    expect(caught(() => find(undefined)).status).toBe('UnknownUser')
  })

  it('captures no stack and leaves stack traces of other errors alone', () => {
    const before = Error.stackTraceLimit
    expect(caught(() => refuse('InternalError')).stack).not.toMatch(/\n\s+at /)
    expect(Error.stackTraceLimit).toBe(before)
    expect(new Error('another').stack).toMatch(/\n\s+at /)
  })
})
