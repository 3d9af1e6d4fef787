import { namespaceOf, type PrimitiveInput, type Version } from '@village/protocol'
import { type Answer, type Reply, theAnswer } from './answer.ts'
import type { Phone } from './phone.ts'

/** XML written by hand, for what the codec would never write, and a look at what it does not show. */

export const escapeXml = (text: string) =>
  text.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!)

/** A message around the XML of a primitive, in the shape phones of the version write it. */
export function rawMessage(phone: Phone, content: string, id = phone.nextId(), prologue = ''): string {
  const { version, sessionId } = phone
  const descriptor =
    sessionId === undefined
      ? '<SessionType>Outband</SessionType>'
      : `<SessionType>Inband</SessionType><SessionID>${escapeXml(sessionId)}</SessionID>`
  return (
    `${prologue}<WV-CSP-Message xmlns="${namespaceOf('session', version)}"><Session>` +
    `<SessionDescriptor>${descriptor}</SessionDescriptor>` +
    `<Transaction><TransactionDescriptor><TransactionMode>Request</TransactionMode>` +
    `<TransactionID>${escapeXml(id)}</TransactionID></TransactionDescriptor>` +
    `<TransactionContent xmlns="${namespaceOf('transaction', version)}">${content}</TransactionContent>` +
    `</Transaction></Session></WV-CSP-Message>`
  )
}

/** Asks as the codec writes it, with something in it changed; only for XML. */
export async function askChanged(
  phone: Phone,
  primitive: PrimitiveInput,
  change: (xml: string) => string,
): Promise<Answer> {
  const xml = phone.write([{ mode: 'Request', id: phone.nextId(), primitive }]) as string
  return theAnswer(await phone.post(change(xml)))
}

export const doctypeOf = (version: Version) =>
  version === '1.3'
    ? '<!DOCTYPE WV-CSP-Message PUBLIC "-//OMA//DTD IMPS-CSP 1.3//EN" "http://www.openmobilealliance.org/DTD/IMPS-CSP_1.3.dtd">'
    : `<!DOCTYPE WV-CSP-Message PUBLIC "-//OMA//DTD WV-CSP ${version}//EN" "http://www.openmobilealliance.org/DTD/WV-CSP.DTD">`

/** The body of a reply as text; only for XML. */
export const textOfReply = ({ http }: Reply): string => new TextDecoder().decode(http.body)

/** In WBXML, page 0: SessionDescriptor and SessionType with content, then a value token or a text up to its zero. */
const descriptor = [0x6e, 0x70]
const valueToken = 0x80
const valuesByToken: Readonly<Record<number, string>> = { 17: 'Inband', 25: 'Outband' }

/** The SessionType of a reply as it stands there; undefined where there is none. */
export function sessionTypeOf(reply: Reply): string | undefined {
  if (reply.message?.syntax !== 'wbxml') return /<SessionType>\s*(\w+)\s*</.exec(textOfReply(reply))?.[1]
  const { body } = reply.http
  const at = body.findIndex((octet, index) => octet === descriptor[0] && body[index + 1] === descriptor[1])
  if (at < 0) return undefined
  const [kind, ...rest] = body.subarray(at + descriptor.length)
  if (kind === valueToken) return valuesByToken[rest[0]!]
  return String.fromCharCode(...rest.slice(0, rest.indexOf(0)))
}
