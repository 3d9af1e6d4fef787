import type { OnSent } from './wire.ts'

/** So much is handed over at a time: small enough to be seen to move, large enough not to be felt. */
const stepOctets = 16_384

/**
 * A request whose body is handed over as the network takes it, which is told. Its length is announced, since servers
 * of that age know no other way; where that is left to the browser it will do so itself, or not.
 */
export function streamed(body: Uint8Array, headers: Record<string, string>, onSent: OnSent): RequestInit {
  let sent = 0
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        // Asked for more, the network has taken what was handed over before.
        if (sent > 0) onSent(sent)
        if (sent >= body.length) return controller.close()
        const step = body.subarray(sent, sent + stepOctets)
        sent += step.length
        controller.enqueue(step)
      },
    },
    { highWaterMark: 0 },
  )
  const init = {
    headers: { ...headers, 'content-length': String(body.length) },
    body: stream,
    // Not in every list of types yet: the reply is read when the request has been sent.
    duplex: 'half',
  }
  return init as RequestInit
}
