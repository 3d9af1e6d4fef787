import { describe, expect, it } from 'vitest'
import { Outcome } from './outcome.ts'

describe('CSP 6.1: the result of a request with several parts', () => {
  it('is a bare 200 where all succeeded, or there was nothing to do', () => {
    expect(new Outcome().result()).toEqual({ code: 200 })
    const outcome = new Outcome()
    outcome.succeed()
    expect(outcome.result()).toEqual({ code: 200 })
    expect(outcome.isFailure).toBe(false)
  })

  it('is 201 with what failed, grouped by code, where some succeeded', () => {
    const outcome = new Outcome()
    outcome.succeed()
    outcome.fail('UnknownUser', { userIds: ['wv:x'] })
    outcome.fail('GroupDoesNotExist', { groupIds: ['wv:/g'] })
    outcome.fail('UnknownUser', { userIds: ['wv:y'] })
    expect(outcome.isFailure).toBe(false)
    expect(outcome.result()).toMatchObject({
      code: 201,
      details: [
        { code: 531, userIds: ['wv:x', 'wv:y'] },
        { code: 800, groupIds: ['wv:/g'] },
      ],
    })
  })

  it('is the one code that all failures share, where nothing succeeded', () => {
    const outcome = new Outcome()
    outcome.fail('UnknownUser', { userIds: ['wv:x'] })
    outcome.fail('UnknownUser', { userIds: ['wv:y'] })
    expect(outcome.isFailure).toBe(true)
    expect(outcome.result()).toMatchObject({ code: 531, details: [{ code: 531, userIds: ['wv:x', 'wv:y'] }] })
  })

  it('is 900 with all of them, where nothing succeeded for several reasons', () => {
    const outcome = new Outcome()
    outcome.fail('UnknownUser', { userIds: ['wv:x'] })
    outcome.fail('ContactListDoesNotExist', { contactLists: ['wv:a/b'] })
    expect(outcome.result()).toMatchObject({
      code: 900,
      details: [{ code: 531 }, { code: 700, contactLists: ['wv:a/b'] }],
    })
  })
})
