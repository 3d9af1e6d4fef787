import { type CapabilityList, clientIdOf, type PresenceSubList } from '@village/protocol'
import { type Agreement, sessionPriority } from '../access/agreement.ts'
import { type Attribute, attributes } from './attributes.ts'

/** A value that was published and has not been taken back. */
export interface Publication {
  /** The client whose status it is; empty for the status of the user. */
  readonly clientKey: string
  /** Its name. */
  readonly attribute: string
  /** The value of the element as JSON, without Qualifier and ClientID. */
  readonly value: string
  readonly publishedAt: number
}

/** An open session. */
export interface LiveClient {
  readonly clientKey: string
  readonly startedAt: number
  readonly applicationId: string | null | undefined
  readonly agreement: Agreement
}

/** What is known of one client, by its own word and the server's. */
export interface ClientStatus extends Pick<LiveClient, 'clientKey' | 'startedAt'> {
  readonly priority: number
  /** When it published last, else when it logged in. */
  readonly newestAt: number
  /** It published that it is offline. */
  readonly isHidden: boolean
  valuesOf(attribute: Attribute): readonly object[]
}

type Values = Readonly<Record<string, object | undefined>>
type ClientInfo = PresenceSubList['clientInfos'][number]
type ContentLimit = NonNullable<ClientInfo['clientContentLimit']>

/**
 * The status of a client. What it published in an earlier session has ended with that.
 * @param published everything of its user
 */
export function clientStatus(client: LiveClient, published: readonly Publication[], userAddress: string): ClientStatus {
  const { clientKey, startedAt, agreement } = client
  const own = published.filter(it => it.clientKey === clientKey && it.publishedAt >= startedAt)
  const said: Values = Object.fromEntries(own.map(({ attribute, value }) => [attribute, JSON.parse(value)]))
  const info = clientInfo(client, said.ClientInfo ?? {})
  const values: Values = {
    CommCap: agreement.services.includes('IMFeat') ? openForMessages(userAddress) : undefined,
    ...said,
    OnlineStatus: { presenceValue: 'T' },
    ClientInfo: info,
  }
  return {
    ...{ clientKey, startedAt },
    priority: info.clientImPriority ?? sessionPriority(agreement),
    newestAt: own.reduce((newest, { publishedAt }) => Math.max(newest, publishedAt), startedAt),
    isHidden: (said.OnlineStatus as { presenceValue?: string } | undefined)?.presenceValue === 'F',
    valuesOf: attribute => {
      const value = values[attribute.name]
      return value === undefined ? [] : [ofClient(attribute, clientKey, value)]
    },
  }
}

/** A value with its Qualifier and, where the schema has a place for it, whose it is. */
export const ofClient = ({ element }: Attribute, clientKey: string, value: object): object => ({
  qualifier: true,
  ...value,
  ...(element.parts?.clientId && { clientId: clientIdOf(clientKey) }),
})

/** A client that can be sent messages, and has not said otherwise. */
const openForMessages = (contact: string) => ({ commCs: [{ cap: 'IM', status: 'OPEN', contact }] })

const clientTypes = attributes.find(({ key }) => key === 'clientInfos')?.element.parts?.clientType?.of.values ?? []

/** What the client published, under what the server knows (CSP 5.3.8, 6.4.2, 6.9.1). */
function clientInfo({ applicationId, agreement: { capabilities } }: LiveClient, said: ClientInfo): ClientInfo {
  const agreedType = capabilities?.clientType
  return {
    ...said,
    // Not left out: before 1.3 it may be all there is, and no element is valid and empty (CSP 8.3.2.1).
    clientType: said.clientType ?? (clientTypes.includes(agreedType ?? '') ? agreedType : 'OTHER'),
    clientImPriority: capabilities?.sessionPriority ?? said.clientImPriority,
    clientContentLimit: capabilities && contentLimit(capabilities),
    applicationId: applicationId || undefined,
  }
}

/** The agreed content types, or whether any may come: the schema has room for one of them. */
function contentLimit(agreed: CapabilityList): ContentLimit | undefined {
  const isAny = agreed.anyContent === true || agreed.acceptedContentTypes.length === 0
  const limit: ContentLimit = {
    acceptedContentTypes: isAny ? [] : agreed.acceptedContentTypes,
    anyContent: isAny ? agreed.anyContent : undefined,
    acceptedTextContentLength: agreed.acceptedTextContentLength,
    acceptedTransferEncodings: agreed.acceptedTransferEncodings,
    maxPullLength: agreed.acceptedPullLength,
    maxPushLength: agreed.acceptedPushLength,
    plainTextCharsets: agreed.plainTextCharsets,
  }
  const saysNothing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)
  return Object.values(limit).every(saysNothing) ? undefined : limit
}
