import type { Handler } from '../context.ts'

/**
 * Tells users which contact lists they have; the default one apart from the others, and not among them (CSP 8.1.2).
 * IMPS-CSP-PRSE-S-001.
 */
export const getList: Handler<'GetListRequest'> = async (_, { session, house }) => {
  const lists = await house.store.contactLists.ofUser(session.userId)
  const addresses = (isDefault: boolean) =>
    lists.filter(list => list.isDefault === isDefault).map(({ address }) => address)
  const [defaultContactList] = addresses(true)
  return { name: 'GetListResponse', body: { contactLists: addresses(false), defaultContactList } }
}
