import { describe, expect, it } from 'vitest'
import { addressed, draft, infoOf } from './mail.ts'

const dateTime = new Date('2026-01-31T23:59:01.500Z')
const sender = { user: { userId: 'wv:alice@example.com' } }
const recipient = { users: [{ userId: 'wv:bob@example.com' }] }

describe('The date of a stored message', () => {
  it('is the same when the message is read again', () => {
    const { info } = addressed(draft({ sender, recipient, dateTime }, 'hello'), 'm1', recipient)
    expect(infoOf({ info })).toEqual({ sender, dateTime, messageId: 'm1', recipient })
  })

  it('is read from text as well, as it was stored before', () => {
    const info = JSON.stringify({ info: { sender, recipient, dateTime } })
    expect(infoOf({ info }).dateTime).toEqual(dateTime)
  })

  it('may be missing', () => {
    const { info } = addressed(draft({ sender, recipient }, 'hello'), 'm1', recipient)
    expect(infoOf({ info })).not.toHaveProperty('dateTime')
  })
})
