import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { MOST_PUBLISHING_CLIENTS, type NewValue } from '../publications.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlPublications } from '../sql/publications.ts'
import { account, alice, bob, type Current, outcome } from './fixtures.ts'

const value = (attribute: string, text: string | null, clientKey = ''): NewValue => ({
  clientKey,
  attribute,
  value: text,
})

export const describePublications = (current: Current): void => {
  describe('publications', () => {
    const publications = () => sqlPublications(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const publish = (values: NewValue[], at = 1, userId = alice) => commit(publications().publish(userId, values, at))
    const valuesOf = async (userId = alice) =>
      (await publications().of(userId)).map(({ clientKey, attribute, value: text }) => [clientKey, attribute, text])
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('are kept by user, client and attribute, and come back newest first', async () => {
      await addPeople()
      await publish([value('ClientInfo', '{"model":"3310"}', 'phone'), value('StatusText', '"Hi"')], 1)
      await publish([value('ClientInfo', '{}', 'laptop')], 2)
      await publish([value('StatusText', '"Bob here"')], 1, bob)
      expect(await publications().of(alice)).toEqual([
        { clientKey: 'laptop', attribute: 'ClientInfo', value: '{}', publishedAt: 2 },
        { clientKey: '', attribute: 'StatusText', value: '"Hi"', publishedAt: 1 },
        { clientKey: 'phone', attribute: 'ClientInfo', value: '{"model":"3310"}', publishedAt: 1 },
      ])
    })

    it('change where they are named, and go where they are taken back', async () => {
      await addPeople()
      await publish([value('StatusText', '"Hi"'), value('Alias', '"Al"'), value('TimeZone', '1', 'phone')], 1)
      await publish([value('StatusText', '"Bye"'), value('TimeZone', null, 'phone'), value('Address', null)], 2)
      expect(await valuesOf()).toEqual([
        ['', 'StatusText', '"Bye"'],
        ['', 'Alias', '"Al"'],
      ])
    })

    it('are those of so many clients, the ones that published last; those of the user all stay', async () => {
      await addPeople()
      await publish([value('StatusText', '"Hi"'), value('TimeZone', '1', 'first'), value('PLMN', '1', 'first')], 1)
      await publish([value('TimeZone', '1', 'second')], 2)
      await publish([value('TimeZone', '1', 'first')], 3)
      for (let index = 1; index < MOST_PUBLISHING_CLIENTS; index++)
        await publish([value('TimeZone', '1', `another ${index}`)], 3 + index)
      const clients = new Set((await valuesOf()).map(([clientKey]) => clientKey))
      expect([clients.size, clients.has('second')]).toEqual([MOST_PUBLISHING_CLIENTS + 1, false])
      expect(await valuesOf()).toContainEqual(['first', 'PLMN', '1'])
    })

    it('are of users there are, and go with their account', async () => {
      await addPeople()
      expect(await publish([value('StatusText', '"Hi"')], 1, 'wv:nobody')).toBe('NoSuchAccount')
      await publish([value('StatusText', '"Hi"')])
      await commit([...sqlAccounts(current()).remove(alice), ...sqlAccounts(current()).add(account(alice))])
      expect(await valuesOf()).toEqual([])
    })
  })
}
