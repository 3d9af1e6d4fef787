/** Endings of files that phones of the time know, and what is in such files. */
const types: Readonly<Record<string, string>> = {
  amr: 'audio/amr',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  mid: 'audio/midi',
  midi: 'audio/midi',
  mp3: 'audio/mpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  vcf: 'text/x-vCard',
  vcs: 'text/x-vCalendar',
  wav: 'audio/x-wav',
  wbmp: 'image/vnd.wap.wbmp',
  '3gp': 'video/3gpp',
}

const endingOf = (path: string) => /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''

/** By the ending of the name; octets of no known kind where that says nothing. */
export const typeFor = (path: string): string => types[endingOf(path)] ?? 'application/octet-stream'

/** A name for content that has none. */
export const nameFor = (contentType: string): string => {
  const bare = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const [ending] = Object.entries(types).find(([, type]) => type.toLowerCase() === bare) ?? ['bin']
  return `message.${ending}`
}
