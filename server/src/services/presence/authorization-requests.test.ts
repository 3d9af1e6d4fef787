import { describe, expect, it } from 'vitest'
import { AuthorizationRequests } from './authorization-requests.ts'

const minutes = 60_000
const bob = 'wv:bob@example.com'

describe('requests that a client is told of', () => {
  it('not the same again for ten minutes, as often as it comes', () => {
    const requests = new AuthorizationRequests()
    expect([requests.add(bob, 3, 0), requests.take(), requests.isEmpty]).toEqual([true, [bob, 3], true])
    for (let at = 1; at < 10; at++) expect(requests.add(bob, 1 + (at % 3), at * minutes)).toBe(false)
    expect(requests.isEmpty).toBe(true)
    expect(requests.add(bob, 3, 10 * minutes)).toBe(true)
  })

  it('what is missing besides at once; that does not put off the rest', () => {
    const requests = new AuthorizationRequests()
    requests.add(bob, 1, 0)
    expect([requests.add(bob, 5, 9 * minutes), requests.take()]).toEqual([true, [bob, 5]])
    expect(requests.add(bob, 1, 10 * minutes)).toBe(true)
  })

  it('one for each user, with all that is missing, while it waits', () => {
    const requests = new AuthorizationRequests()
    requests.add(bob, 1, 0)
    requests.add(bob, 2, 0)
    requests.giveBack(bob, 4)
    expect([requests.take(), requests.take()]).toEqual([[bob, 7], undefined])
    expect(requests.missedBy(bob)).toBe(3)
  })

  it('anew when the user has decided something; what was missing is still known', () => {
    const requests = new AuthorizationRequests()
    requests.add(bob, 3, 0)
    requests.onDecision()
    expect([requests.missedBy(bob), requests.add(bob, 1, 1)]).toEqual([3, true])
  })

  it('of a thousand users at a time, those who came first', () => {
    const requests = new AuthorizationRequests()
    const added = Array.from({ length: 1001 }, (_, index) => requests.add(`user-${index}`, 1, 0))
    expect([added.indexOf(false), requests.take()]).toEqual([1000, ['user-0', 1]])
    expect(requests.add('user-1000', 1, 0)).toBe(true)
  })
})
