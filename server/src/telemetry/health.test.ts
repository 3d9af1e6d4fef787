import { describe, expect, it } from 'vitest'
import { checkHealth } from './health.ts'

describe('checkHealth', () => {
  it('is well while the store answers', async () => {
    const health = await checkHealth({ version: '1.2.3', askStore: async () => [] })
    expect(health).toEqual({ ok: true, store: 'reachable', version: '1.2.3' })
  })

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    [
      'throws at once',
      () => {
        throw new Error('closed')
      },
    ],
    ['never answers', () => new Promise(() => {})],
  ])('is unwell when the store %s', async (_, askStore) => {
    const health = await checkHealth({ version: '1', askStore, patienceMs: 20 })
    expect(health).toEqual({ ok: false, store: 'unreachable', version: '1' })
  })
})
