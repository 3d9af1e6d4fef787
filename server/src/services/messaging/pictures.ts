import type { Syntax } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { type PictureType, pictureTypes, type ScalePicture } from '../../pictures/scaler.ts'
import { type Content, type Form, formFor, isFetchable, type Reader, roomFor } from './content-fit.ts'
import { type Readable, transcoded } from './mail.ts'
import { contentOf, octetsOf } from './message-for.ts'

/** What a picture is to become. */
export interface Target {
  readonly type: PictureType
  /** How many it may have. */
  readonly octets: number
}

/** How a message goes to a client: as it is, or transcoded. */
export interface Way {
  readonly form: Form
  readonly target?: Target | undefined
}

type Picture = Readable & Pick<AnnouncedItem, 'content'> & Partial<Pick<AnnouncedItem, 'messageId'>>
type Stored = Pick<AnnouncedItem, 'messageId' | 'info' | 'written' | 'content'>

const readable = /^image\/(jpe?g|pjpeg|png|gif|webp)$/
/** Of the picture as it was sent. */
const mostOctets = 8_388_608
/** What it is made into: with less there is nothing to see; with more, in BASE64, it would not fit one message. */
const made = { least: 1500, most: 48_000 }
/** Characters of a primitive besides its content. */
const envelope = 2000
/** One is made at a time; so many wait for that. */
const mostWaiting = 16
const mostKept = 32
const mostHopeless = 1000

/**
 * Makes pictures fit clients that could not have them as they are (CSP 5.6.2). The stored message stays what it is, for
 * other clients. Whether it will be possible is not known before it is tried; what could not be made so small once is
 * not promised again.
 */
export class Pictures {
  readonly #scale: ScalePicture | undefined
  /** The last ones that were made, for those who are told first and fetch then, or are sent the same. */
  readonly #kept = new Map<string, Promise<Uint8Array | undefined>>()
  readonly #hopeless = new Set<string>()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** @param scale undefined: no picture is ever made to fit */
  constructor(scale: ScalePicture | undefined) {
    this.#scale = scale
  }

  /** How a message goes to a client: unchanged wherever that is possible (CSP 5.6.4); undefined: it has to wait. */
  wayFor(item: Picture, reader: Reader): Way | undefined {
    const form = formFor(contentOf(item), reader)
    return form === undefined ? this.#wayFor(item, reader, content => formFor(content, reader)) : { form }
  }

  /** What a picture is to become for a client that fetches it, and could not have it as it is. */
  targetFor(item: Picture, reader: Reader): Target | undefined {
    return this.#wayFor(item, reader, content => (isFetchable(content, reader) ? 'notify' : undefined))?.target
  }

  /** A message with its picture made so; `busy` where others wait for theirs, and it had better be asked for later. */
  async made<T extends Stored>(item: T, target: Target): Promise<T | 'unfit' | 'busy'> {
    const key = keyOf(item, target)
    let making = this.#kept.get(key)
    if (making === undefined) {
      if (this.#waiting >= mostWaiting) return 'busy'
      making = this.#inTurn(async () => this.#make(item, target))
      forgetOldest(this.#kept, mostKept)
      this.#kept.set(key, making)
    }
    const content = await making
    if (content !== undefined) return transcoded(item, target.type, content)
    this.#kept.delete(key)
    forgetOldest(this.#hopeless, mostHopeless)
    this.#hopeless.add(key)
    return 'unfit'
  }

  #wayFor(item: Picture, reader: Reader, formOf: (content: Content) => Form | undefined): Way | undefined {
    if (this.#scale === undefined || item.content === null || item.content.length > mostOctets) return undefined
    const { type: original, group } = contentOf(item)
    if (!readable.test(original)) return undefined
    for (const type of pictureTypes) {
      const form = formOf({ type, group, length: syntax => charactersOf(made.least, syntax), octets: made.least })
      if (form === undefined) continue
      const target = { type, octets: octetsWithin(roomOf({ type, group }, reader, form), reader.syntax) }
      if (target.octets >= made.least && !this.#hopeless.has(keyOf(item, target))) return { form, target }
    }
    return undefined
  }

  async #make(item: Picture, { type, octets }: Target): Promise<Uint8Array | undefined> {
    const picture = octetsOf(item)
    return picture && this.#scale?.(picture, type, octets)
  }

  async #inTurn<T>(run: () => Promise<T>): Promise<T> {
    this.#waiting++
    const result = this.#last.then(run).finally(() => this.#waiting--)
    this.#last = result.catch(() => undefined)
    return result
  }
}

const keyOf = ({ messageId }: Picture, { type, octets }: Target) => `${messageId} ${type} ${octets}`

/** Makes room for one more. */
function forgetOldest(collection: Map<string, unknown> | Set<string>, most: number) {
  const [oldest] = collection.keys()
  if (oldest !== undefined && collection.size >= most) collection.delete(oldest)
}

/** Characters; less than the parser can hold, because a picture never comes alone. */
function roomOf(content: Pick<Content, 'type' | 'group'>, reader: Reader, form: Form): number {
  const parser = reader.agreement.capabilities?.parserSize ?? Number.POSITIVE_INFINITY
  return Math.min(roomFor(content, reader, form), parser - envelope)
}

/** BASE64 writes three octets with four characters (CSP 6.9.1). */
const charactersOf = (octets: number, syntax: Syntax) => (syntax === 'xml' ? 4 * Math.ceil(octets / 3) : octets)
const octetsWithin = (characters: number, syntax: Syntax) =>
  Math.min(made.most, syntax === 'xml' ? 3 * Math.floor(characters / 4) : characters)
