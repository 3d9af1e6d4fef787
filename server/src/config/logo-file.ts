import { open } from 'node:fs/promises'
import { extname } from 'node:path'

/** An image as it can be put into an answer. */
export interface Logo {
  /** MIME type. */
  readonly contentType: string
  readonly octets: Uint8Array
}

/** Half of what a phone reads that did not say how much it can; BASE64 adds a third. */
const mostOctets = 24_576

const typeOf: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.wbmp': 'image/vnd.wap.wbmp',
}

/**
 * Reads the logo of the service provider (CSP 6.8).
 * @throws an Error whose message tells what to change: the path, the kind of file, or its size
 */
export async function readLogo(path: string): Promise<Logo> {
  const contentType = typeOf[extname(path).toLowerCase()]
  if (contentType === undefined)
    throw new Error(`provider.logo is ${path}: name a file that ends in ${Object.keys(typeOf).join(', ')}`)
  const octets = await readAtMost(path, mostOctets + 1).catch(cause => {
    throw new Error(`provider.logo cannot be read: ${(cause as Error).message}`, { cause })
  })
  if (octets.length === 0 || octets.length > mostOctets)
    throw new Error(`provider.logo is ${path}: phones need a file of 1 to ${mostOctets} octets, choose a smaller image`)
  return { contentType, octets }
}

/** As much of a file as there is, and no more than this, whatever kind of file it is. */
async function readAtMost(path: string, limit: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const octets = Buffer.alloc(limit)
    let length = 0
    for (;;) {
      const { bytesRead } = await file.read(octets, length, limit - length, length)
      length += bytesRead
      if (bytesRead === 0 || length === limit) return new Uint8Array(octets.subarray(0, length))
    }
  } finally {
    await file.close()
  }
}
