import type { Context, OutbandContext, OutbandHandler } from '../context.ts'

/** What the envelope, the name, the text and the address may take beside a logo, in octets. */
const besideLogo = 2048

/**
 * Tells who provides the service: name, text, address and picture (CSP 6.8), inside a session and without one. A
 * picture that is longer than the client can read is left out. IMPS-CSP-SAP-S-012, IMPS-CSP-GETSPI-S-001.
 */
export const getSPInfo: OutbandHandler<'GetSPInfoRequest'> = async ({ clientId }, context) => {
  const { house } = context
  const session = sessionOf(context)
  const { name, text, url } = house.config.provider
  const parserSize = session?.agreement.capabilities?.parserSize ?? Number.POSITIVE_INFINITY
  const logo = house.logo && encoded(house.logo)
  const fits = logo !== undefined && logo.contentSize + besideLogo <= parserSize
  return {
    name: 'GetSPInfoResponse',
    body: { clientId, name, description: text, url, ...(fits && { logo }) },
  }
}

const sessionOf = (context: OutbandContext) => (context as Partial<Context>).session

const encoded = ({ contentType, octets }: { readonly contentType: string; readonly octets: Uint8Array }) => {
  const contentData = Buffer.from(octets).toString('base64')
  return { contentType, contentEncoding: 'BASE64', contentSize: contentData.length, contentData }
}
