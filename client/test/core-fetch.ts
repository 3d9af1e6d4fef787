import type { Village } from '../../server/src/testing/village.ts'

/** A `fetch` that asks a server in this process. @param lose whether the next reply gets lost */
export const fetchFrom =
  (village: Village, lose: () => boolean = () => false): typeof fetch =>
  async (_, init) => {
    const text = init!.body as string | Uint8Array
    const body = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const contentType = new Headers(init!.headers).get('content-type')!
    const peer = { address: '192.0.2.1', isSecure: false, origin: 'http://im.example.com' }
    const onGone = (run: () => void) => init!.signal!.addEventListener('abort', run)
    const outbound = await village.core.receive({ body, contentType, peer, onGone })
    if (lose()) {
      outbound.onLost?.()
      throw new TypeError('connection lost')
    }
    outbound.onSent?.()
    return new Response(outbound.body as string, { status: outbound.status })
  }
