import type { BodyInput, Version } from '@village/protocol'
import { inForm } from '../address-form.ts'
import { done, type Handler, type SessionView } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { type Attributes, attributesOf, naming, noAttributes } from './attributes.ts'
import { openRequests } from './open-requests.ts'
import type { Publisher } from './publisher.ts'
import { readSubjects } from './subjects.ts'

type Status = NonNullable<BodyInput<'GetReactiveAuthStatusResponse'>['reactiveAuthStatuses']>[number]

/**
 * Tells in 1.2 how it stands with those who want to see the user, or with those that are named: GRANTED and DENIED where
 * an attribute list says so, with what may be seen; PENDING where the user still has to decide, with what is missing
 * (CSP 8.2.3). The answer has no room for some that are unknown beside others that are not.
 */
export const getReactiveAuthStatus: Handler<'GetReactiveAuthStatusRequest'> = async ({ userIds }, context) => {
  const { session, house } = context
  const outcome = new Outcome(session.version)
  const { users } = await readSubjects({ userIds }, outcome, context)
  if (users.length === 0 && outcome.isFailure) return { ...done, body: { result: outcome.result() } }

  const publisher = await house.presence.of(session.userId)
  const requests = await openRequests(session.userId, house.store)
  const asked =
    userIds.length > 0 ? users.map(({ key, address }) => ({ key, address })) : concerned(publisher, requests, session)
  const reactiveAuthStatuses = asked.flatMap(({ key, address }) => {
    const status = statusOf(key, requests.get(key) ?? noAttributes, publisher, session.version)
    return status === undefined ? [] : { userId: address, ...status }
  })
  return { name: 'GetReactiveAuthStatusResponse', body: { reactiveAuthStatuses } }
}

/** Those with a list of their own, and those who watch; as nobody was named, in the form of the login (CSP 5.3.2). */
function concerned(
  { sources }: Publisher,
  requests: ReadonlyMap<string, Attributes>,
  { addressForm, homeDomain }: SessionView,
) {
  const decided = sources.lists.filter(({ kind, attributes }) => kind === 'user' && attributes !== null)
  const addresses = new Map([...requests.keys()].map(key => [key, key]))
  for (const { subject, name } of decided) addresses.set(subject, name)
  return [...addresses].map(([key, address]) => ({ key, address: inForm(address, addressForm, homeDomain) }))
}

/** Undefined for who has asked for nothing, or sees it all as everybody does. */
function statusOf(
  watcher: string,
  requested: Attributes,
  { authorization }: Publisher,
  version: Version,
): Omit<Status, 'userId'> | undefined {
  const authorized = authorization.authorized(watcher)
  const status = (reactiveAuthState: Status['reactiveAuthState'], attributes: Attributes) => ({
    ...{ reactiveAuthState, presenceSubList: naming(attributes & attributesOf(version)) },
  })
  if (authorization.isDecided(watcher)) return status(authorized === noAttributes ? 'DENIED' : 'GRANTED', authorized)
  return authorization.isPending(watcher, requested) ? status('PENDING', requested & ~authorized) : undefined
}
