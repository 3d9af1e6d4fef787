import { describe, expect, it } from 'vitest'
import { expect as expectOf } from './expect.ts'
import type { Stage } from './scenario.ts'
import { perform } from './story.ts'

/** A stage on which everybody finds an empty mailbox and nobody ever gets in. */
const stage = {
  phone: () => ({
    online: async () => ({ fetchAll: async () => {}, logout: async () => {} }),
  }),
} as unknown as Stage

/** A stage on which whoever sends something is told that it went well. */
const patientStage = () => {
  const primitive = { name: 'Status', body: { result: { code: 200, details: [] } } }
  const reply = { http: { status: 200 }, message: { transactions: [{ mode: 'Response', id: '1', primitive }] } }
  const phone = {
    account: { userId: 'wv:romeo@example.com' },
    ...{ nextId: () => '1', write: () => '', post: async () => reply },
    ...{ fetchAll: async () => {}, logout: async () => {} },
  }
  const accounts = { romeo: phone.account, juliet: phone.account }
  return { accounts, expect: expectOf, phone: () => ({ online: async () => phone }) } as unknown as Stage
}

describe('a story', () => {
  it('is over when all its lines have been played', async () => {
    await perform('# A title\n\n# and nothing else\n', stage)
  })

  it('says which line it does not understand', async () => {
    await expect(perform('# A title\nRomeo dances', stage)).rejects.toThrow('line 2: Romeo dances')
  })

  it('says which line makes no sense', async () => {
    await expect(perform('Romeo receives nothing', stage)).rejects.toThrow('line 1, "Romeo receives nothing": ')
    const untold = 'Romeo logs in with 1.2 XML\nRomeo sends "Ay me" to Juliet\nRomeo is told the same'
    await expect(perform(untold, patientStage())).rejects.toThrow('Romeo has repeated nothing')
    await perform(untold.replace(/(?=Romeo is)/, 'Romeo repeats the request\n'), patientStage())
    await expect(perform('Tybalt logs in with 1.2 XML', stage)).rejects.toThrow('who is Tybalt?')
  })
})
