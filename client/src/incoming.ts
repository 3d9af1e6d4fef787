import type { Body, MessageInfo } from '@village/protocol'
import { base64Octets } from './base64.ts'

/** What is known of a message without its content. */
export interface AnnouncedMessage {
  readonly id: string | undefined
  /** User-ID of the sender, or the screen name under which somebody in a group sent it. */
  readonly from: string
  /** A MIME type: text/plain where the sender said nothing (CSP 9.2). */
  readonly contentType: string
  /** In characters, in the form in which this client gets it; undefined where it is not known. */
  readonly contentSize: number | undefined
  /** As the sender calls the content. It comes from somebody else: no name of a file before it has been looked at. */
  readonly name: string | undefined
  /** By the clock of the server that took it. */
  readonly sentAt: Date | undefined
  readonly info: MessageInfo
}

export interface IncomingMessage extends AnnouncedMessage {
  /** Set for every text type, read by the charset it says it is in. */
  readonly text: string | undefined
  /** Set for other types: images, cards. A message whose content lies elsewhere has neither (`info.messageUri`). */
  readonly bytes: Uint8Array | undefined
  /** Tells the server that the message has arrived for good; asking for the next message does so too. */
  confirm(): Promise<void>
}

/** A notification; asking for the next one tells the server that it has arrived, and the message waits on. */
export interface Notification extends AnnouncedMessage {
  confirm(): Promise<void>
}

export const readAnnounced = (info: MessageInfo): AnnouncedMessage => {
  const { user, group } = info.sender
  return {
    id: info.messageId,
    from: user?.userId ?? group?.screenName?.name ?? group?.groupId ?? '',
    contentType: info.contentType ?? 'text/plain',
    contentSize: info.contentSize,
    name: info.contentName,
    sentAt: info.dateTime,
    info,
  }
}

export function readMessage({ messageInfo: info, contentData }: Body<'NewMessage'> | Body<'GetMessageResponse'>) {
  const announced = readAnnounced(info)
  const isText = /^text\//i.test(announced.contentType)
  const isEncoded = info.contentEncoding?.toUpperCase() === 'BASE64'
  const content = isEncoded && typeof contentData === 'string' ? base64Octets(contentData) : contentData
  return {
    ...announced,
    text: isText && content !== undefined ? textOf(content, announced.contentType) : undefined,
    bytes: isText || content === undefined ? undefined : octetsOf(content),
  }
}

/** Octets by the charset that is said, or in UTF-8: it is that of nearly all, and of what can be read of the others. */
function textOf(content: string | Uint8Array, contentType: string): string {
  if (typeof content === 'string') return content
  const [, quoted, bare] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? []
  return (decoderFor(quoted ?? bare) ?? new TextDecoder()).decode(content)
}

/** Undefined for what is no charset, or none that is known here. */
function decoderFor(charset: string | undefined) {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}

const octetsOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content
