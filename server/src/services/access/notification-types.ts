import { refuse } from '@village/protocol'

type Services = readonly string[]

/** For types of the fundamental features, on which nobody has to agree. */
const always = undefined
/** Public profiles cannot be agreed on, being mandatory (CSP 7.3): where there are none, there is nothing to agree to. */
const notOffered: Services = []

const contactLists: Services = ['GCLI', 'CCLI', 'DCLI', 'MCLS', 'NCLS']
const accessControl: Services = ['GLBLU', 'BLENT']
const presence: Services = ['PresenceFeat']
const invitations: Services = ['INVIT', 'CAINV']
const groups: Services = ['GroupFeat']

/**
 * What there is to be notified of (CSP 7.2.1, table 31), and the services of which a client must have agreed on at
 * least one. Who is told is written where the event is; the types without such a place come with their services.
 */
// biome-ignore format: a table, one line a type
const types: Readonly<Record<string, Services | undefined>> = {
  ATCL: contactLists, // Added-To-Contact-List
  AC: presence, // Authorization-Changed
  ANC: presence, // Authorization-Needed-Contact-List
  AND: presence, // Authorization-Needed-Default-List
  ANU: presence, // Authorization-Needed-User
  BLC: accessControl, // Block-List-Changed
  BLUC: accessControl, // Block-List-UsageChange
  CLCR: contactLists, // Contact-List-Created
  CLC: contactLists, // Contact-List-Changed
  CLD: contactLists, // Contact-List-Deleted
  GLC: accessControl, // Grant-List-Changed
  GLUC: accessControl, // Grant-List-UsageChange
  GC: groups, // Group-Created (CSP 10.2.1)
  GD: groups, // Group-Deleted (CSP 10.3.1)
  GMAU: groups, // Group-MemberAccess-Updated (CSP 10.6.1)
  GMU: groups, // Group-Members-Updated (CSP 10.6.1)
  GMG: groups, // Group-Membership-Granted (CSP 10.6.1)
  GMR: groups, // Group-Membership-Revoked (CSP 10.6.1)
  GR: groups, // Group-Removed (CSP 10.3.1, 10.5.1)
  IA: invitations, // Invitation-Accepted (CSP 7.5.1)
  IC: invitations, // Invitation-Cancelled (CSP 7.6.1)
  IR: invitations, // Invitation-Rejected (CSP 7.5.1)
  OEU: always, // OnlineEEMHandling-Updated (CSP 6.9.1)
  PPU: notOffered, // PublicProfile-Updated (CSP 7.3.2)
  // Session-Priority-Adjusted. It never comes: this server adjusts a priority only in the answer to the negotiation
  // that asks for one beyond 0 to 10 (CSP 6.9.1), by which the client knows.
  SPA: always,
  // User-ID-Changed. It never comes: finding out new User-IDs is a feature that a server need not have, and users of
  // this one keep theirs.
  UIC: always,
}

const isAllowed = (type: string, agreed: Services): boolean => {
  const services = types[type]
  return services === undefined || services.some(service => agreed.includes(service))
}

/** All types that a client may subscribe to. */
export const allowedTypes = (agreed: Services): readonly string[] => allowedAmong(Object.keys(types), agreed)

/** Those of a client's types that go with the services it has agreed on. */
export const allowedAmong = (subscribed: readonly string[], agreed: Services): readonly string[] =>
  subscribed.filter(type => isAllowed(type, agreed))

/** @throws Refusal InvalidNotificationType, NotificationTypeNotAllowed: then none of them is to be subscribed to */
export function checkTypes(wanted: readonly string[], agreed: Services) {
  if (!wanted.every(type => Object.hasOwn(types, type)))
    refuse('InvalidNotificationType', { description: `NotificationType is one of ${Object.keys(types).join(', ')}` })
  const refused = wanted.filter(type => !isAllowed(type, agreed))
  if (refused.length > 0)
    refuse('NotificationTypeNotAllowed', {
      description: `Agree on their services first, by a Service-Request: ${[...new Set(refused)].join(', ')}`,
    })
}
