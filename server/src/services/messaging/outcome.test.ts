import { describe, expect, it } from 'vitest'
import { Outcome } from './outcome.ts'

describe('CSP 6.1: the result of a request with several parts', () => {
  it('is a bare 200 where all succeeded, or there was nothing to do', () => {
    expect(new Outcome('1.3').result()).toEqual({ code: 200 })
    const outcome = new Outcome('1.3')
    outcome.succeed()
    expect(outcome.result()).toEqual({ code: 200 })
    expect(outcome.isFailure).toBe(false)
  })

  it('is 201 with what failed, grouped by code, where some succeeded', () => {
    const outcome = new Outcome('1.3')
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
    const outcome = new Outcome('1.3')
    outcome.fail('UnknownUser', { userIds: ['wv:x'] })
    outcome.fail('UnknownUser', { userIds: ['wv:y'] })
    expect(outcome.isFailure).toBe(true)
    expect(outcome.result()).toMatchObject({ code: 531, details: [{ code: 531, userIds: ['wv:x', 'wv:y'] }] })
  })

  it('is 900 with all of them, where nothing succeeded for several reasons', () => {
    const outcome = new Outcome('1.3')
    outcome.fail('UnknownUser', { userIds: ['wv:x'] })
    outcome.fail('ContactListDoesNotExist', { contactLists: ['wv:a/b'] })
    expect(outcome.result()).toMatchObject({
      code: 900,
      details: [{ code: 531 }, { code: 700, contactLists: ['wv:a/b'] }],
    })
  })

  describe('names in a 201 what succeeded, too', () => {
    const detailsOf = (outcome: Outcome) => outcome.result().details ?? []

    it('behind what failed, as 200 and as the client wrote it', () => {
      const outcome = new Outcome('1.3')
      outcome.succeed({ userIds: ['wv:B'] })
      outcome.fail('UnknownUser', { userIds: ['wv:x'] })
      outcome.succeed({ contactLists: ['wv:a/b'], userIds: ['c'] })
      outcome.succeed({ messageIds: ['m'] })
      expect(detailsOf(outcome)).toMatchObject([
        { code: 531, userIds: ['wv:x'] },
        { code: 200, userIds: ['wv:B', 'c'], contactLists: ['wv:a/b'], messageIds: ['m'] },
      ])
    })

    it('not where it has no name, and nobody twice or both as reached and as not', () => {
      const outcome = new Outcome('1.3')
      outcome.succeed()
      outcome.succeed({ userIds: ['wv:x'] })
      outcome.fail('UnableToDeliver', { userIds: ['wv:x'] })
      expect(detailsOf(outcome)).toMatchObject([{ code: 410 }])
      outcome.succeed({ userIds: ['wv:y'] })
      outcome.succeed({ userIds: ['wv:y'] })
      expect(detailsOf(outcome)[1]).toMatchObject({ code: 200, userIds: ['wv:y'] })
    })

    it('not to a client of 1.1 what no DetailedResult of it can name', () => {
      const outcome = new Outcome('1.1')
      outcome.succeed({ messageIds: ['m'], contactLists: ['wv:a/b'] })
      outcome.fail('InvalidMessageId', { messageIds: ['x'] })
      expect(detailsOf(outcome)).toMatchObject([{ code: 426 }])
      outcome.succeed({ userIds: ['wv:y'] })
      expect(detailsOf(outcome)[1]).toMatchObject({ code: 200, userIds: ['wv:y'], contactLists: [], messageIds: [] })
    })

    it.each([
      [100, [531, 200]],
      [101, [531]],
    ])('all of it or nothing, where that is much: of %i', (count, codes) => {
      const outcome = new Outcome('1.3')
      for (let index = 0; index < count; index++) outcome.succeed({ userIds: [`wv:user${index}`] })
      outcome.fail('UnknownUser', { userIds: ['wv:x'] })
      expect(detailsOf(outcome).map(({ code }) => code)).toEqual(codes)
    })
  })
})
