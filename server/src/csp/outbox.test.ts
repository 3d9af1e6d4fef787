import { describe, expect, it } from 'vitest'
import { answerMilliseconds, type Entry, type Offered, Outbox, type OutboxItem } from './outbox.ts'

const item = (messageId: string, more: Partial<OutboxItem> = {}): OutboxItem => ({
  messageId,
  recipient: 'wv:alice@example.com',
  kind: 'message',
  info: '{}',
  content: null,
  acceptedAt: 0,
  expiresAt: 1_000_000,
  reportTo: null,
  ...more,
})

const pushed = (it: OutboxItem): Offered => ({ item: it, form: 'push' })

const opened = (...ids: string[]) => {
  const outbox = new Outbox('s1.')
  outbox.complete(outbox.misses)
  for (const id of ids) outbox.offer(pushed(item(id)))
  return outbox
}

const names = (entries: readonly Entry[]) => entries.map(entry => entry.item.messageId)
const plenty = 1_000_000

describe('CSP 5.4: what a client is asked at a time', () => {
  it('is one thing after the other, unless it agreed to more', () => {
    const outbox = opened('a', 'b', 'c')
    expect(names(outbox.take(1, 1, plenty, 0))).toEqual(['a'])
    expect(outbox.take(1, 1, plenty, 0)).toEqual([])
    outbox.remove('a')
    expect(names(outbox.take(1, 1, plenty, 0))).toEqual(['b'])
  })

  it('is at most so many in a message, and at most so many in all', () => {
    const outbox = opened('a', 'b', 'c', 'd', 'e', 'f')
    expect(names(outbox.take(2, 5, plenty, 0))).toEqual(['a', 'b'])
    expect(names(outbox.take(2, 5, plenty, 0))).toEqual(['c', 'd'])
    expect(names(outbox.take(2, 5, plenty, 0))).toEqual(['e'])
    expect(outbox.take(2, 5, plenty, 0)).toEqual([])
  })

  it('is there or not, before anybody takes it', () => {
    const outbox = opened('a', 'b')
    outbox.offer(pushed(item('large', { content: new Uint8Array(1000) })))
    outbox.offer(pushed(item('brief', { expiresAt: 5 })))
    expect([outbox.hasUnsent(4, plenty, 0), outbox.hasUnsent(5, plenty, 0)]).toEqual([true, false])
    expect([outbox.hasUnsent(3, 999, 0), outbox.hasUnsent(4, 999, 0)]).toEqual([true, false])
    expect([outbox.hasUnsent(2, 999, 5), outbox.hasUnsent(3, 999, 5)]).toEqual([true, false])
    expect(outbox.hasUnsent(1, plenty, 0, () => false)).toBe(false)
    outbox.take(1, 2, plenty, 0)
    expect([outbox.hasUnsent(1, 999, 5), outbox.hasUnsent(2, 999, 5)]).toEqual([true, false])
  })

  it('fits into what its parser can take, one being the least', () => {
    const outbox = new Outbox('s1.')
    outbox.complete(outbox.misses)
    for (const id of ['a', 'b', 'c']) outbox.offer(pushed(item(id, { content: new Uint8Array(1000) })))
    expect(names(outbox.take(9, 9, 3000, 0))).toEqual(['a', 'b'])
    outbox.giveBack(outbox.take(0, 9, plenty, 0))
    expect(names(outbox.take(9, 9, 1000, 0))).toEqual(['c'])
  })

  it('leaves what is longer than its parser in the mailbox, and out of the way', () => {
    const outbox = new Outbox('s1.')
    outbox.complete(outbox.misses)
    outbox.offer(pushed(item('long', { content: new Uint8Array(1001) })))
    outbox.offer(pushed(item('short')))
    expect(names(outbox.take(1, 1, 1000, 0))).toEqual(['short'])
    expect(outbox.hasWaiting(0)).toBe(false)
    expect([outbox.has('long', 'push'), outbox.isHolding('long')]).toEqual([true, false])
  })

  it('comes again after 20 seconds without an answer, under the same id and before what is newer', () => {
    const outbox = opened('a', 'b')
    const [first] = outbox.take(1, 1, plenty, 0)
    const id = first!.transactionId
    expect(outbox.take(1, 1, plenty, answerMilliseconds - 1)).toEqual([])
    const [again] = outbox.take(1, 1, plenty, answerMilliseconds)
    expect([again?.item.messageId, again?.transactionId]).toEqual(['a', id])
    expect(outbox.find(id)?.item.messageId).toBe('a')
  })

  it('comes again at once where the message that carried it was lost', () => {
    const outbox = opened('a')
    const taken = outbox.take(1, 1, plenty, 0)
    const id = taken[0]!.transactionId
    outbox.giveBack(taken)
    expect(outbox.take(1, 1, plenty, 1)[0]?.transactionId).toBe(id)
  })

  it('is not asked after its validity', () => {
    const outbox = new Outbox('s1.')
    outbox.complete(outbox.misses)
    outbox.offer(pushed(item('old', { expiresAt: 100 })))
    outbox.offer(pushed(item('new')))
    expect(names(outbox.take(1, 1, plenty, 100))).toEqual(['new'])
    expect(outbox.has('old', 'push')).toBe(false)
  })

  it('is closed for others while the answer is being written down', () => {
    const outbox = opened('a', 'b')
    const [entry] = outbox.take(1, 1, plenty, 0)
    entry!.isAnswered = true
    expect(outbox.find(entry!.transactionId)).toBeUndefined()
    expect(outbox.has('a', 'push')).toBe(true)
    expect(names(outbox.take(1, 1, plenty, answerMilliseconds))).toEqual(['b'])
  })
})

describe('What is in memory', () => {
  it('is at most 16 items; the rest is left to the mailbox', () => {
    const outbox = opened(...Array.from({ length: 17 }, (_, index) => `m${index}`))
    expect(outbox.space).toBe(0)
    expect(outbox.isComplete).toBe(false)
    expect(outbox.has('m16', 'push')).toBe(false)
    expect(outbox.hasWaiting(0)).toBe(true)
  })

  it('never holds an item twice', () => {
    const outbox = opened('a')
    outbox.offer(pushed(item('a')))
    outbox.fill([item('a'), item('b')].map(pushed))
    expect(names(outbox.take(9, 9, plenty, 0))).toEqual(['a', 'b'])
  })

  it('is not complete where something was missed while the mailbox was read', () => {
    const outbox = new Outbox('s1.')
    const { misses } = outbox
    outbox.offer(pushed(item('a')))
    expect(outbox.complete(misses)).toBe(false)
    expect(outbox.complete(outbox.misses)).toBe(true)
  })

  it('forgets on demand what was not handed out, and what was declined on another demand', () => {
    const outbox = opened('handed', 'declined', 'waiting')
    outbox.take(1, 1, plenty, 0)
    outbox.decline(outbox.take(1, 2, plenty, 0)[0]!)
    expect(outbox.has('declined', 'push')).toBe(true)
    outbox.clear()
    expect(['handed', 'declined', 'waiting'].map(id => outbox.has(id, 'push'))).toEqual([true, true, false])
    expect(outbox.isComplete).toBe(false)
    outbox.forgetDeclined()
    expect(outbox.has('declined', 'push')).toBe(false)
  })

  it('does not announce twice what its client knows of, but may still push it', () => {
    const outbox = new Outbox('s1.')
    outbox.complete(outbox.misses)
    outbox.offer({ item: item('a'), form: 'notify' })
    outbox.noteNotified(outbox.take(1, 1, plenty, 0)[0]!)
    outbox.clear()
    expect([outbox.has('a', 'notify'), outbox.has('a', 'push')]).toEqual([true, false])
  })

  it('keeps nothing of what is out of the mailbox, and whoever reads in it then begins anew', () => {
    const outbox = opened('declined', 'waiting')
    outbox.offer({ item: item('announced'), form: 'notify' })
    const [declined, , announced] = outbox.take(9, 9, plenty, 0)
    outbox.decline(declined!)
    outbox.noteNotified(announced!)
    const { removals } = outbox
    const ids = ['declined', 'waiting', 'announced']
    expect(ids.map(id => outbox.has(id, 'notify'))).toEqual([true, true, true])
    for (const id of ids) outbox.forget(id)
    expect(ids.map(id => outbox.has(id, 'notify'))).toEqual([false, false, false])
    expect(outbox.removals).toBe(removals + 3)
  })

  it('gives each transaction an id of its own, apart from those of an earlier holder', () => {
    const ids = [opened('a', 'b'), new Outbox('s2.')].flatMap(outbox => {
      outbox.fill([pushed(item('c'))])
      return outbox.take(9, 9, plenty, 0).map(({ transactionId }) => transactionId)
    })
    expect(ids).toEqual(['s1.1', 's1.2', 's1.3', 's2.1'])
  })
})
