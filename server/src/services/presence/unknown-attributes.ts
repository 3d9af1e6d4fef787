import { type PresenceSubList, refuse } from '@village/protocol'

/**
 * Nobody may publish, authorise, ask for or subscribe to what is no presence attribute (CSP 8.2.5, 8.3.2.2, 8.3.3.2,
 * 8.3.4.2). Elements of a foreign namespace are passed over.
 * @throws Refusal InvalidPresenceAttribute
 */
export function refuseUnknown(list: PresenceSubList | undefined): void {
  const [name] = list?.unknown ?? []
  // The name is the sender's to choose, and literal names of WBXML may hold anything.
  if (name !== undefined)
    refuse('InvalidPresenceAttribute', {
      description: `There is no presence attribute ${JSON.stringify(name)}: leave it out`,
      path: 'PresenceSubList',
    })
}
