import { inForm } from '../address-form.ts'
import type { Handler } from '../context.ts'

/**
 * Tells users which contact lists they have; the default one apart from the others, and not among them (CSP 8.1.2). The
 * request has no address in it, so they are written in the form of the login (CSP 5.3.2).
 * IMPS-CSP-PRSE-S-001.
 */
export const getList: Handler<'GetListRequest'> = async (_, { session, house }) => {
  const lists = await house.store.contactLists.ofUser(session.userId)
  const { addressForm, homeDomain } = session
  const addresses = (isDefault: boolean) =>
    lists.filter(list => list.isDefault === isDefault).map(({ address }) => inForm(address, addressForm, homeDomain))
  const [defaultContactList] = addresses(true)
  return { name: 'GetListResponse', body: { contactLists: addresses(false), defaultContactList } }
}
