import { describe, expect, it } from 'vitest'
import type { Stage } from './scenario.ts'
import { perform } from './story.ts'

/** A stage on which everybody finds an empty mailbox and nobody ever gets in. */
const stage = {
  phone: () => ({
    online: async () => ({ fetchAll: async () => {}, logout: async () => {} }),
  }),
} as unknown as Stage

describe('a story', () => {
  it('is over when all its lines have been played', async () => {
    await perform('# A title\n\n# and nothing else\n', stage)
  })

  it('says which line it does not understand', async () => {
    await expect(perform('# A title\nRomeo dances', stage)).rejects.toThrow('line 2: Romeo dances')
  })

  it('says which line makes no sense', async () => {
    await expect(perform('Romeo receives nothing', stage)).rejects.toThrow('line 1, "Romeo receives nothing": ')
    await expect(perform('Tybalt logs in with 1.2 XML', stage)).rejects.toThrow('who is Tybalt?')
  })
})
