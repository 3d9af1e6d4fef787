/**
 * A picture as cameras make them: every pixel differs from the next, so that it is long.
 * @param type as `sharp` names formats
 */
export async function photo(type: 'jpeg' | 'png' | 'webp', width: number, height: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const create = { width, height, channels: 3, background: 'black', noise } as const
  return new Uint8Array(await sharp({ create }).toFormat(type).toBuffer())
}

/** What a picture is when it is read. */
export async function readPicture(picture: unknown) {
  const { default: sharp } = await import('sharp')
  const octets = typeof picture === 'string' ? Buffer.from(picture, 'base64') : (picture as Uint8Array)
  const { format, width, height, exif, hasAlpha } = await sharp(octets).metadata()
  return { format, width, height, exif, hasAlpha, octets: octets.length }
}
