import type { MessageInput, TransactionInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { SessionView } from '../context.ts'
import { Segments } from './segments.ts'

const mebi = 1_048_576
const contactLists = Array.from({ length: 200 }, (_, index) => `wv:alice/list-${index}@example.com`)
const long: TransactionInput = {
  mode: 'Response',
  id: '1',
  primitive: { name: 'GetListResponse', body: { contactLists } },
}
const around: MessageInput = { version: '1.3', syntax: 'xml', sessionId: 's', transactions: [] }
const session = { agreement: { services: ['SGMNT'] } } as unknown as SessionView

describe('CSP 6.10: what segments take, those of all sessions together', () => {
  it('is 64 MiB: beyond it 432 is said, until others are dropped', () => {
    const segments = new Segments()
    const fit = () => segments.fit(long, around, session, 2000)
    expect(segments.reserve(64 * mebi)).toBe(true)
    expect(fit().primitive).toMatchObject({ name: 'Status', body: { result: { code: 432 } } })
    segments.release(mebi)
    expect(fit().primitive.name).toBe('GetListResponse')
    expect(segments.reserve(mebi)).toBe(false)
    segments.dropAll(session)
    expect(segments.reserve(mebi)).toBe(true)
    expect(segments.reserve(1)).toBe(false)
  })
})
