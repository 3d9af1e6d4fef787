import { type Element, type Part, refuse } from '@village/protocol'
import type { Attribute, AttributeKey } from './attributes.ts'

/** What PresenceValue can be where it is no free text. */
const words: Partial<Record<AttributeKey, readonly string[]>> = {
  onlineStatuses: ['T', 'F'],
  registrations: ['T', 'F'],
  userAvailability: ['AVAILABLE', 'NOT_AVAILABLE', 'DISCREET'],
  statusMood: [
    ...[
      'HAPPY',
      'SAD',
      'ANGRY',
      'JEALOUS',
      'ASHAMED',
      'INVINCIBLE',
      'IN_LOVE',
      'SLEEPY',
      'BORED',
      'EXCITED',
      'ANXIOUS',
    ],
  ],
}

/** COMPAT: as the Symbian presence engine writes it. */
const otherSpellings: Readonly<Record<string, string>> = { NOTAVAILABLE: 'NOT_AVAILABLE' }

/** In characters, for each text of an attribute; CSP has no limits. Pictures and business cards are long. */
const longestText = 200
const longest: Partial<Record<AttributeKey, number>> = { alias: 50, statusContent: 5120, contactInfo: 5120 }
/** Of CommC, AddrPref and Inf_link. */
const mostOccurrences = 20
/** Of ClientIMPriority, the only number that clients publish (CSP 6.9.1). */
const highestPriority = 10

/** Said elsewhere (Qualifier, ClientID), or the server's to say (CSP 6.4.2, 6.9.1). */
const notPublished: ReadonlySet<string> = new Set(['qualifier', 'clientId', 'applicationId', 'clientContentLimit'])

interface Place {
  readonly words: readonly string[] | undefined
  readonly longest: number
  /** Wire names, for people. */
  readonly path: string
}

/**
 * The value of an attribute as it is stored: words in their right spelling, without parts that say nothing, and
 * without what is not the client's to say. Undefined where nothing is left.
 * @throws Refusal InvalidPresenceValue where a part of it cannot be (CSP 8.3.4.2)
 */
export const fitValue = ({ name, key, element }: Attribute, value: object): object | undefined =>
  fitParts(element, value as Parts, { words: words[key], longest: longest[key] ?? longestText, path: name })

type Parts = Readonly<Record<string, unknown>>

function fitParts({ parts = {} }: Element, value: Parts, place: Place): object | undefined {
  const said = Object.entries(parts).flatMap(([key, part]) => {
    if (notPublished.has(key) || value[key] === undefined) return []
    const fitted = fitPart(part, value[key], { ...place, path: `${place.path}/${part.of.name}` })
    return fitted === undefined ? [] : [[key, fitted]]
  })
  return said.length === 0 ? undefined : Object.fromEntries(said)
}

function fitPart({ of, card }: Part, value: unknown, place: Place): unknown {
  if (card === 'many') return fitList(of, value as readonly Parts[], place)
  if (of.kind === 'int') return (value as number) <= highestPriority ? value : impossible(place, 'is from 0 to 10')
  const text = value as string
  if (card === 'optional' && text.trim() === '') return undefined
  const vocabulary = of.values ?? (of.name === 'PresenceValue' ? place.words : undefined)
  if (vocabulary !== undefined) return fitWord(text, vocabulary, place)
  return text.length <= place.longest ? text : impossible(place, `has at most ${place.longest} characters`)
}

function fitList(of: Element, values: readonly Parts[], place: Place): unknown {
  if (values.length > mostOccurrences) impossible(place, `occurs at most ${mostOccurrences} times`)
  const fitted = values.flatMap(value => fitParts(of, value, place) ?? [])
  return fitted.length === 0 ? undefined : fitted
}

function fitWord(text: string, vocabulary: readonly string[], place: Place): string {
  const said = text.trim().toUpperCase()
  const word = otherSpellings[said] ?? said
  return vocabulary.includes(word) ? word : impossible(place, `is one of ${vocabulary.join(', ')}`)
}

const impossible = ({ path }: Place, rule: string): never =>
  refuse('InvalidPresenceValue', { description: `${path} ${rule}`, path: `PresenceSubList/${path}` })
