/** In characters. CSP has no limit; phones show some twenty. */
const longestName = 200

/** Whether people may give this name to a contact or a list. */
export const isFitName = (name: string): boolean => name !== '' && name.length <= longestName && !/\p{Cc}/u.test(name)
