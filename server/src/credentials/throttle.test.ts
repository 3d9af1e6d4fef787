import { describe, expect, it } from 'vitest'
import { Throttle } from './throttle.ts'

const minute = 60_000
const home = 'home'
const account = 'wv:alice@example.com'

const setUp = (remembered?: number) => {
  let time = 0
  const throttle = new Throttle({ now: () => time, remembered })
  const tries = (times: number, source: string, who = account) =>
    Array.from({ length: times }, () => throttle.admit({ account: who, source }).admitted)
  const wait = (milliseconds: number) => {
    time += milliseconds
  }
  const logIn = (source: string, who = account) => {
    const { admitted } = throttle.admit({ account: who, source })
    if (admitted) throttle.succeeded({ account: who, source })
    return admitted
  }
  return { throttle, tries, wait, logIn }
}

describe('an account', () => {
  it('takes five tries a minute, from wherever they come', () => {
    const { throttle, tries, wait } = setUp()
    expect(['a', 'b', 'c', 'd', 'e'].flatMap(source => tries(1, source))).not.toContain(false)
    expect(throttle.admit({ account, source: 'f' })).toEqual({
      admitted: false,
      because: 'account',
      retryAfterMs: minute,
    })
    wait(minute - 1)
    expect(tries(1, 'f')).toEqual([false])
  })

  it('then waits twice as long for each further try, up to a quarter of an hour', () => {
    const { throttle, tries, wait } = setUp()
    tries(5, 'a')
    const delays = Array.from({ length: 6 }, () => {
      const refusal = throttle.admit({ account, source: 'a' })
      if (refusal.admitted) throw new Error('must be closed')
      wait(refusal.retryAfterMs)
      expect(throttle.admit({ account, source: 'a' }).admitted).toBe(true)
      return refusal.retryAfterMs / minute
    })
    expect(delays).toEqual([1, 2, 4, 8, 15, 15])
  })

  it('starts over after a quiet hour, or after a quiet minute when it was never closed', () => {
    const { tries, wait } = setUp()
    tries(5, 'a')
    wait(61 * minute)
    expect(tries(6, 'a')).toEqual([true, true, true, true, true, false])
    const other = setUp()
    other.tries(4, 'a')
    other.wait(minute)
    expect(other.tries(5, 'a')).not.toContain(false)
  })

  it('gives a right try back, also the one that closed it', () => {
    const { tries, logIn } = setUp()
    tries(4, 'a')
    expect(logIn('b')).toBe(true)
    expect(tries(1, 'a')).toEqual([true])
    expect(tries(1, 'a')).toEqual([false])
  })
})

describe('a source', () => {
  it('takes thirty failures a minute over all accounts', () => {
    const { throttle, wait, tries } = setUp()
    const admitted = Array.from({ length: 31 }, (_, index) => tries(1, 'a', `wv:u${index}@x`)[0])
    expect(admitted.lastIndexOf(true)).toBe(29)
    expect(throttle.admit({ account, source: 'a' })).toMatchObject({ because: 'source', retryAfterMs: minute })
    expect(tries(1, 'b')).toEqual([true])
    wait(minute)
    expect(tries(1, 'a')).toEqual([true])
  })

  it('is the whole network of an IPv6 subscriber', () => {
    const { tries } = setUp()
    const admitted = Array.from({ length: 31 }, (_, index) => tries(1, `2001:db8::${index + 1}`, `wv:u${index}@x`)[0])
    expect(admitted.indexOf(false)).toBe(30)
  })

  it('may log in any number of users who know their passwords', () => {
    const { logIn } = setUp()
    expect(Array.from({ length: 200 }, (_, index) => logIn('gateway', `wv:u${index}@x`))).not.toContain(false)
  })
})

describe('a known device', () => {
  it('is let in while strangers keep the account and its own network closed', () => {
    const { tries, logIn, wait } = setUp()
    logIn(home)
    for (let index = 0; index < 40; index++) tries(1, home, `wv:u${index}@x`)
    for (let round = 0; round < 100; round++) {
      tries(10, 'attacker')
      expect(logIn(home)).toBe(true)
      wait(10_000)
    }
    expect(tries(1, 'elsewhere')).toEqual([false])
  })

  it('does not lend its trust to other accounts', () => {
    const { tries, logIn } = setUp()
    logIn(home)
    expect(tries(6, home, 'wv:bob@example.com').at(-1)).toBe(false)
  })

  it('cannot guess without end either', () => {
    const { tries, logIn } = setUp()
    logIn(home)
    expect(tries(6, home)).toEqual([true, true, true, true, true, false])
    expect(tries(1, 'elsewhere')).toEqual([true])
  })

  it('is a stranger again after 30 days', () => {
    const { tries, logIn, wait } = setUp()
    logIn(home)
    wait(30 * 24 * 60 * minute)
    tries(5, 'attacker')
    expect(logIn(home)).toBe(false)
  })
})

describe('memory', () => {
  it('forgets the oldest rather than growing', () => {
    const { tries } = setUp(3)
    tries(5, 'a', 'first')
    expect(tries(1, 'b', 'first')).toEqual([false])
    for (const name of ['x', 'y', 'z']) tries(1, name, name)
    expect(tries(1, 'b', 'first')).toEqual([true])
  })
})

it('slows a guesser down to some hundred tries a day', () => {
  const { tries, wait } = setUp()
  let admitted = 0
  for (let second = 0; second < 86_400; second++) {
    if (tries(1, `bot${second % 5000}`)[0]) admitted += 1
    wait(1000)
  }
  expect(admitted).toBeLessThan(110)
})
