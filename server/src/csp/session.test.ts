import { describe, expect, it } from 'vitest'
import { openVillage } from '../testing/village.ts'

/** Something that takes until it is told to end. */
const deed = (name: string, log: string[]) => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const run = async () => {
    log.push(`${name} begins`)
    await promise
    log.push(`${name} ends`)
  }
  return { run, end: resolve, fail: reject }
}

async function openSession() {
  const village = await openVillage()
  const { sessionId } = await village.ready('alice')
  return village.core.sessions.peek(sessionId!)!
}

describe('CSP 5.4: what is done in a session', () => {
  it('is done at once where nothing else is, and else in order', async () => {
    const session = await openSession()
    const log: string[] = []
    const [first, second, third] = [deed('first', log), deed('second', log), deed('third', log)]
    const done = [first, second, third].map(({ run }) => session.inOrder(run))
    expect(log).toEqual(['first begins'])
    third.end()
    second.end()
    first.end()
    await Promise.all(done)
    const inOrder = ['first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends']
    expect(log).toEqual(inOrder)
  })

  it('goes on after a failure, for others that waited and for those that come later', async () => {
    const session = await openSession()
    const log: string[] = []
    const [first, second, third] = [deed('first', log), deed('second', log), deed('third', log)]
    const failed = session.inOrder(first.run)
    const done = session.inOrder(second.run)
    first.fail(new Error('failed'))
    await expect(failed).rejects.toThrow('failed')
    second.end()
    await done
    third.end()
    await session.inOrder(third.run)
    expect(log).toEqual(['first begins', 'second begins', 'second ends', 'third begins', 'third ends'])
  })
})
