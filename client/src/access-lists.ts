import type { EntityList } from '@village/protocol'
import type { Session } from './session.ts'

/** User-IDs, or whatever else a list can name; of some servers with wildcards (CSP 9.3.1). */
export type Entities = string | readonly string[] | Partial<EntityList>

export interface AccessListState {
  /** Whether the server goes by the list. */
  readonly isInUse: boolean | undefined
  readonly entities: EntityList
}

const nobody: EntityList = { userIds: [], screenNames: [], groupIds: [], contactLists: [], applicationIds: [] }

const listOf = (entities: Entities): EntityList =>
  typeof entities === 'string'
    ? { ...nobody, userIds: [entities] }
    : Array.isArray(entities)
      ? { ...nobody, userIds: entities }
      : { ...nobody, ...(entities as Partial<EntityList>) }

/** Who may reach the user (CSP 9.3): nobody on the block list and, while the grant list is in use, only those on it. */
export class AccessLists {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** Adds to the block list, and puts it in use. @throws RequestFailed UnknownUser 531, BlockListFull, ... */
  async block(entities: Entities): Promise<void> {
    await this.#session.request('BlockEntityRequest', {
      blockList: { addList: listOf(entities) },
      blockListInUse: true,
    })
  }

  /** Takes off the block list. @throws RequestFailed */
  async unblock(entities: Entities): Promise<void> {
    await this.#session.request('BlockEntityRequest', { blockList: { removeList: listOf(entities) } })
  }

  /** Adds to the grant list, which has no effect until it is in {@link use}. @throws RequestFailed */
  async grant(entities: Entities): Promise<void> {
    await this.#session.request('BlockEntityRequest', { grantList: { addList: listOf(entities) } })
  }

  /** Takes off the grant list. @throws RequestFailed */
  async ungrant(entities: Entities): Promise<void> {
    await this.#session.request('BlockEntityRequest', { grantList: { removeList: listOf(entities) } })
  }

  /** Puts either list in use or out of it, keeping what is on it. @throws RequestFailed */
  async use({ blockList, grantList }: { readonly blockList?: boolean; readonly grantList?: boolean }): Promise<void> {
    await this.#session.request('BlockEntityRequest', { blockListInUse: blockList, grantListInUse: grantList })
  }

  /** Both lists as they are now (CSP 9.3.1). @throws RequestFailed */
  async get(): Promise<{ readonly blocked: AccessListState; readonly granted: AccessListState }> {
    const answer = await this.#session.request('GetBlockedListRequest', {})
    return {
      blocked: { isInUse: answer.blockListInUse, entities: answer.blockList?.entityList ?? nobody },
      granted: { isInUse: answer.grantListInUse, entities: answer.grantList?.entityList ?? nobody },
    }
  }
}
