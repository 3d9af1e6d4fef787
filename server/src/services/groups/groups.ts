/** What others need to know of a group (CSP 10). */
export interface Group {
  /** Key of its address. */
  readonly groupId: string
  /** Only members take part in it. */
  readonly isRestricted: boolean
}

/** The groups that are here. */
export interface Groups {
  /** By the key of its address; undefined where there is none. */
  find(groupId: string): Promise<Group | undefined>
  /** What a user is to a group; undefined for a stranger. */
  memberOf(groupId: string, userId: string): Promise<'member' | 'rejected' | undefined>
}

/** There are none yet: whoever names one is told that it does not exist. */
export const noGroups: Groups = {
  find: async () => undefined,
  memberOf: async () => undefined,
}
