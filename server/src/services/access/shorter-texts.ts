/** The beginnings of a text, each half as long as the one before, for clients that could not read more of it. */
export function* shorterTexts(text: string): Iterable<string> {
  for (let length = text.length >> 1; length > 0; length >>= 1) {
    // Half a character outside of the basic plane is no character.
    yield `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`
  }
}
