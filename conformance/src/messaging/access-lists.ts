import type { BodyInput } from '@village/protocol'
import type { Phone } from '../phone.ts'
import type { Stage } from '../scenario.ts'

/** Whom a user hears, and whom not (CSP 9.3). */

type Change = BodyInput<'BlockEntityRequest'>

export const changeLists = async (phone: Phone, body: Change) =>
  (await phone.ask({ name: 'BlockEntityRequest', body })).code

export const readLists = async (phone: Phone) =>
  (await phone.ask({ name: 'GetBlockedListRequest', body: {} })).as('GetBlockedListResponse')

/** The users on the block list. */
export const blockedBy = async (phone: Phone): Promise<readonly string[]> =>
  (await readLists(phone)).blockList?.entityList?.userIds ?? []

export type AccessLists = Stage & { readonly romeo: Phone; readonly juliet: Phone }

/** Both people, where Juliet can block; when the scenario ends she has neither list in use and nobody on them. */
export const withAccessLists = (run: (stage: AccessLists) => Promise<void>) => async (stage: Stage) => {
  const [romeo, juliet] = [await stage.phone().online(), await stage.phone('juliet').online()]
  if ([405, 506].includes((await changeLists(juliet, { blockListInUse: true })) ?? 0))
    stage.skip('BLENT is not offered')
  await juliet.fetchAll()
  try {
    await run({ ...stage, romeo, juliet })
  } finally {
    const { blockList, grantList } = await readLists(juliet)
    await changeLists(juliet, {
      blockList: { removeList: blockList?.entityList },
      blockListInUse: false,
      grantList: { removeList: grantList?.entityList },
      grantListInUse: false,
    })
  }
}
