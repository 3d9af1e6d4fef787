import { format, parseAddress } from '@village/protocol'

export type AddressForm = 'local' | 'qualified'

/** An address that is kept in full, in the form in which the client has asked (CSP 5.3.2). */
export function inForm(qualified: string, form: AddressForm, homeDomain: string): string {
  const address = form === 'local' ? parseAddress(qualified, homeDomain) : undefined
  return address === undefined ? qualified : format(address, form, homeDomain)
}
