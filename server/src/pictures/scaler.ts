/** What pictures are made into, the best for photos first. All phones of the time that show pictures show one of these. */
export const pictureTypes = ['image/jpeg', 'image/png', 'image/gif'] as const
export type PictureType = (typeof pictureTypes)[number]

/**
 * Makes a picture smaller and of another type, without what cameras write into it (time, place).
 * @param octets how many it may have then
 * @returns undefined where it is no picture, is beyond the limits, or cannot be made so small; it never rejects
 */
export type ScalePicture = (picture: Uint8Array, type: PictureType, octets: number) => Promise<Uint8Array | undefined>

type Sharp = typeof import('sharp').default

/** What a picture unfolds to is known from its first octets, so that one beyond this is never unfolded. */
const mostPixels = 24_000_000
const mostSeconds = 5
/** Of the longer side, in pixels: beyond what the screens of phones show. */
const longestSide = 1024
const shortestSide = 32
/** The most that an octet is seen to hold; what is larger need not be tried. */
const pixelsPerOctet: Record<PictureType, number> = { 'image/jpeg': 16, 'image/png': 6, 'image/gif': 6 }
const mostTries = 8
/** Of 1 to 10, for finding the colours of a palette. */
const effort = 3

/** Readers of other formats, of which some read files and call on other programs, are shut off: whatever a sender says. */
const readers = ['JpegBuffer', 'PngBuffer', 'NsgifBuffer', 'WebpBuffer'].map(name => `VipsForeignLoad${name}`)

/** For operators, where `loadScaler` finds nothing. */
export const scalerIsMissing =
  'Pictures are not made smaller for phones: the optional package sharp is not installed, or not for this machine'

/** Undefined where the optional package `sharp` is not installed, or has no binary for this machine. */
export async function loadScaler(): Promise<ScalePicture | undefined> {
  let sharp: Sharp
  try {
    sharp = (await import('sharp')).default
  } catch {
    return undefined
  }
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: readers })
  sharp.concurrency(1)
  sharp.cache(false)
  return async (picture, type, octets) => {
    try {
      return await scale(sharp, picture, type, octets)
    } catch {
      // What is not a picture, or made to hurt, is as usual as any other input.
      return undefined
    }
  }
}

/** It is unfolded once, to what a screen can show at most; from there it is written smaller and smaller until it fits. */
async function scale(sharp: Sharp, picture: Uint8Array, type: PictureType, octets: number) {
  const { data, info } = await sharp(picture, { limitInputPixels: mostPixels, failOn: 'error' })
    .timeout({ seconds: mostSeconds })
    .autoOrient()
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const raw = { width: info.width, height: info.height, channels: info.channels }
  const promising = Math.min(1, Math.sqrt((octets * pixelsPerOctet[type]) / (info.width * info.height)))
  let side = Math.ceil(promising * Math.max(info.width, info.height))
  for (let tries = 0; tries < mostTries; tries++) {
    const smaller = sharp(data, { raw }).resize({ width: side, height: side, fit: 'inside' })
    const written = await inType(smaller, type).toBuffer()
    if (written.length <= octets) return written
    // As many octets less as it has pixels less; and a little more, because small pictures need more for each pixel.
    side = Math.floor(side * 0.95 * Math.sqrt(octets / written.length))
    if (side < shortestSide) return undefined
  }
  return undefined
}

function inType(picture: ReturnType<Sharp>, type: PictureType) {
  if (type === 'image/png') return picture.png({ palette: true, effort })
  if (type === 'image/gif') return picture.gif({ effort })
  return picture.flatten({ background: 'white' }).jpeg({ quality: 75 })
}
