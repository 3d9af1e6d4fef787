/** Decodes BASE64 with or without line breaks; undefined for anything else. */
export function base64Octets(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), character => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** A multiple of three, so that the parts can be put one behind the other, and few enough to be arguments of a call. */
const partOctets = 3 * 4096

export function base64Text(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < octets.length; at += partOctets)
    text += btoa(String.fromCharCode(...octets.subarray(at, at + partOctets)))
  return text
}
