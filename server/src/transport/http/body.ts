import type { IncomingMessage } from 'node:http'

/** Reads a request body, giving up as soon as it is announced or found to be longer than the limit (in octets). */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | 'too long' | 'aborted'> {
  const announced = Number(request.headers['content-length'])
  if (announced > limit) return Promise.resolve('too long')
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > limit) {
        request.removeAllListeners('data')
        request.pause()
        resolve('too long')
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    // After an error as well: who does not listen for errors of a request is told of nothing else (Node.js).
    request.on('close', () => resolve('aborted'))
  })
}
