import { type ClientID, clientKey, type PresenceSubList } from '@village/protocol'
import { type Attribute, attributes, valuesIn } from './attributes.ts'
import { fitValue } from './fit-value.ts'
import { refuseUnknown } from './unknown-attributes.ts'

/** What a client says of itself or of its user. */
export interface PublishedValue {
  readonly attribute: string
  readonly scope: Attribute['scope']
  /** The value of the element, without Qualifier and ClientID. Undefined: it is taken back. */
  readonly value: object | undefined
}

interface Occurrence {
  readonly qualifier?: boolean | undefined
  readonly clientId?: ClientID | undefined
}

/**
 * What the list of an UpdatePresence-Request publishes (CSP 8.3.4): nothing of it if anything is refused.
 * @param ownKey the key of the client that speaks
 * @throws Refusal InvalidPresenceAttribute, InvalidPresenceValue
 */
export function readPublished(list: PresenceSubList, ownKey: string): PublishedValue[] {
  refuseUnknown(list)
  return attributes.flatMap(attribute => {
    const said = valuesIn(list, attribute).filter(value => isOfClient(value, ownKey))
    // What a client may not say of itself is known better by the network; phones say it all the same.
    if (said.length === 0 || attribute.key === 'registrations') return []
    return publication(attribute, said.at(-1)!)
  })
}

/** A client speaks for itself: what is marked as another's is not looked at. */
const isOfClient = ({ clientId }: Occurrence, ownKey: string): boolean =>
  clientId === undefined || ['', ownKey].includes(clientKey(clientId))

/** Without Qualifier a value counts. One that is not valid (F) is none, and one that says nothing is no more than that. */
function publication(attribute: Attribute, said: Occurrence): PublishedValue | [] {
  const { name, scope } = attribute
  const value = said.qualifier === false ? undefined : fitValue(attribute, said)
  // COMPAT: Colibria's clients publish OnlineStatus with Qualifier T and no value, which takes nothing back.
  if (attribute.key === 'onlineStatuses' && said.qualifier === true && value === undefined) return []
  return { attribute: name, scope, value }
}
