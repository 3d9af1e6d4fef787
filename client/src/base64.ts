/** Decodes BASE64 with or without line breaks; undefined for anything else. */
export function base64Octets(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll(/\s/g, '')), character => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
