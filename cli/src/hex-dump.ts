/**
 * The octets of a hex dump: digits in pairs, with white space anywhere between pairs and `#` comments to the end of the
 * line. Undefined for a text that is something else.
 */
export function readHexDump(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/#.*$/gm, '').trim()
  if (!/^[0-9a-f]{2}(?:\s*[0-9a-f]{2})*$/i.test(digits)) return undefined
  return Uint8Array.from(digits.replaceAll(/\s/g, '').match(/../g)!, pair => Number.parseInt(pair, 16))
}
