// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const unprintable = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/**
 * Text from elsewhere without anything a terminal would act upon: somebody else's message must not move the cursor or
 * change the title of the window. Line breaks and tabs stay, what was taken out shows as `�`.
 */
export const printable = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(unprintable, '�')

/** The same in a single line without tabs, for lists. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s/g, ' ')

/** JSON in one line for programs, which does a terminal no harm either; nothing of it is lost. */
export const jsonLine = (value: object): string =>
  JSON.stringify(value).replaceAll(unprintable, it => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`)
