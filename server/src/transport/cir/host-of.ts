/** The host in `http://im.example.com:8080`, where the client named one; IPv6 without its brackets. */
export const hostOf = (origin: string | undefined): string | undefined =>
  origin === undefined ? undefined : new URL(origin).hostname.replace(/^\[|\]$/g, '')
