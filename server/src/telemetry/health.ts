/** The body of /healthz. */
export interface Health {
  readonly ok: boolean
  readonly store: 'reachable' | 'unreachable'
  readonly version: string
}

interface HealthOptions {
  readonly version: string
  /** A cheap read of the store, to see whether it answers. */
  readonly askStore: () => Promise<unknown>
  /** How long the store may take. */
  readonly patienceMs?: number | undefined
}

/** Looks whether the server can do its work. Never throws, and answers in time even when the store does not. */
export const checkHealth = async ({ version, askStore, patienceMs = 2000 }: HealthOptions): Promise<Health> => {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, patienceMs, false)
  })
  const answered = Promise.resolve()
    .then(askStore)
    .then(
      () => true,
      () => false,
    )
  const ok = await Promise.race([answered, tooLate])
  clearTimeout(timer)
  return { ok, store: ok ? 'reachable' : 'unreachable', version }
}
