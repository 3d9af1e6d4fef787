/** Octets as people say them: `900 octets`, `12 KB`, `1.5 MB`. */
export const sizeOf = (octets: number): string => {
  if (octets < 1024) return `${octets} octets`
  const kilo = octets / 1024
  return kilo < 1000 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`
}

const barLength = 20

/** `██████░░░░░░░░░░░░░░  30 %` */
export const bar = (part: number, whole: number): string => {
  const share = whole === 0 ? 1 : Math.min(1, part / whole)
  const full = Math.round(share * barLength)
  return `${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${String(Math.round(share * 100)).padStart(3)} %`
}
