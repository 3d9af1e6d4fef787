import { beforeEach, describe, expect, it } from 'vitest'
import { HeldWorld } from '../../testing/held-world.ts'
import { WatcherHistory } from './watcher-history.ts'

const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const

let world: HeldWorld
let history: WatcherHistory
beforeEach(() => {
  world = new HeldWorld()
  history = new WatcherHistory(world, 24)
})

const names = (of: string, seconds: number) => history.of(of, seconds)?.watchers.map(({ userId }) => userId)

describe('WatcherHistory', () => {
  it('tells who had subscribed before those who looked, the latest first', async () => {
    history.note(alice, bob, 'PRESENCE_ACCESS')
    for (const n of [1, 2]) history.note(alice, `wv:left-${n}@example.com`, 'FORMER_SUBSCRIBER')
    await world.pass(10)
    history.note(alice, carol, 'PRESENCE_ACCESS')
    expect(history.of(alice, 60)?.watchers).toEqual([
      { userId: 'wv:left-2@example.com', status: 'FORMER_SUBSCRIBER' },
      { userId: 'wv:left-1@example.com', status: 'FORMER_SUBSCRIBER' },
      { userId: carol, status: 'PRESENCE_ACCESS' },
      { userId: bob, status: 'PRESENCE_ACCESS' },
    ])
  })

  it('tells of one who did both that he had subscribed, while that is in the period', async () => {
    history.note(alice, bob, 'FORMER_SUBSCRIBER')
    await world.pass(100)
    history.note(alice, bob, 'PRESENCE_ACCESS')
    expect(history.of(alice, 100)?.watchers).toEqual([{ userId: bob, status: 'FORMER_SUBSCRIBER' }])
    expect(history.of(alice, 99)?.watchers).toEqual([{ userId: bob, status: 'PRESENCE_ACCESS' }])
  })

  it('tells as its period what was asked, what is kept, or how long it has been kept, whichever is least', async () => {
    expect(history.of(alice, 60)).toBeUndefined()
    await world.pass(90)
    expect(history.of(alice, 60)?.seconds).toBe(60)
    expect(history.of(alice, 3600)?.seconds).toBe(90)
    await world.pass(30 * 3600)
    expect(history.of(alice, 4_294_967_295)?.seconds).toBe(24 * 3600)
  })

  it('forgets what is older than it is kept', async () => {
    history.note(alice, bob, 'FORMER_SUBSCRIBER')
    history.note(carol, bob, 'FORMER_SUBSCRIBER')
    await world.pass(25 * 3600)
    history.note(alice, carol, 'FORMER_SUBSCRIBER')
    expect(names(alice, 90_000)).toEqual([carol])
    expect(names(carol, 90_000)).toEqual([])
    expect(history.of(carol, 90_000)?.seconds).toBe(24 * 3600)
  })

  it('keeps so many of one user, and tells that it goes back less far then', async () => {
    await world.pass(1000)
    history.note(alice, bob, 'FORMER_SUBSCRIBER')
    await world.pass(10)
    for (let n = 0; n < 1000; n++) history.note(alice, `wv:${n}@example.com`, 'PRESENCE_ACCESS')
    await world.pass(5)
    expect(history.of(alice, 3600)).toMatchObject({ seconds: 15 })
    expect(names(alice, 3600)).toHaveLength(1000)
    expect(names(alice, 3600)).not.toContain(bob)
    expect(history.of(carol, 3600)).toMatchObject({ seconds: 1015 })
  })

  it('keeps so many in all: those go who have had none for longest', async () => {
    await world.pass(1000)
    history.note(carol, bob, 'FORMER_SUBSCRIBER')
    await world.pass(10)
    for (let user = 0; user < 100; user++)
      for (let n = 0; n < 1000; n++)
        history.note(`wv:user-${user}@example.com`, `wv:${n}@example.com`, 'PRESENCE_ACCESS')
    await world.pass(5)
    expect(history.of(carol, 3600)).toEqual({ seconds: 15, watchers: [] })
    expect(history.of('wv:user-0@example.com', 3600)).toMatchObject({ seconds: 1015 })
    expect(names('wv:user-0@example.com', 3600)).toHaveLength(1000)
  })

  it('keeps nothing where it is not to', async () => {
    history = new WatcherHistory(world, 0)
    await world.pass(100)
    history.note(alice, bob, 'FORMER_SUBSCRIBER')
    expect(history.of(alice, 60)).toBeUndefined()
  })
})
