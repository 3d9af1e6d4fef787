/** Why something cannot be done to a user. The names are part of the admin API and stay as they are. */
export type UserRefusalCode =
  | 'BadRequest'
  | 'BadUserId'
  | 'ForeignDomain'
  | 'WeakPassword'
  | 'AccountExists'
  | 'NoSuchAccount'
  | 'NoSuchSession'
  | 'NoSuchAnnouncement'
  | 'NoSuchTrace'
  | 'TooManyTraces'
  | 'NoSuchList'
  | 'ListExists'
  | 'TooManyLists'
  | 'TooManyContacts'
  | 'Unauthorized'
  | 'TooBusy'

/** The message is a hint for the person who asked: what is wrong and what to do. */
export class UserRefusal extends Error {
  override readonly name = 'UserRefusal'
  readonly code: UserRefusalCode

  constructor(code: UserRefusalCode, hint: string) {
    super(hint)
    this.code = code
  }
}
