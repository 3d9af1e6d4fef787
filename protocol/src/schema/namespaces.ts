import type { Version } from './kit.ts'

/** The layers that carry a namespace of their own (CSP 5.2): session, transaction and presence attributes. */
export type Layer = 'session' | 'transaction' | 'presence'

interface Marks {
  /** WBXML public identifier, and the texts of it that occur in string tables and document types. */
  readonly publicId: number
  readonly publicIdTexts: readonly string[]
  /** Namespace names without the version digits, which follow as text; each has an attribute start token. */
  readonly prefixes: Readonly<Record<Layer, { readonly name: string; readonly token: number }>>
}

const village = 'http://www.wireless-village.org/'
const alliance = 'http://www.openmobilealliance.org/DTD/'

export const marks: Readonly<Record<Version, Marks>> = {
  '1.1': {
    publicId: 0x10,
    publicIdTexts: ['-//WIRELESSVILLAGE//DTD CSP 1.1//EN', '-//OMA//DTD WV-CSP 1.1//EN'],
    prefixes: {
      session: { name: `${village}CSP`, token: 0x05 },
      presence: { name: `${village}PA`, token: 0x06 },
      transaction: { name: `${village}TRC`, token: 0x07 },
    },
  },
  '1.2': {
    publicId: 0x11,
    publicIdTexts: ['-//OMA//DTD WV-CSP 1.2//EN', '-//OMA//DTD IMPS-CSP 1.2//EN'],
    prefixes: {
      session: { name: `${alliance}WV-CSP`, token: 0x08 },
      presence: { name: `${alliance}WV-PA`, token: 0x09 },
      transaction: { name: `${alliance}WV-TRC`, token: 0x0a },
    },
  },
  '1.3': {
    publicId: 0x12,
    publicIdTexts: ['-//OMA//DTD IMPS-CSP 1.3//EN'],
    prefixes: {
      session: { name: `${alliance}IMPS-CSP`, token: 0x0b },
      presence: { name: `${alliance}IMPS-PA`, token: 0x0c },
      transaction: { name: `${alliance}IMPS-TRC`, token: 0x0d },
    },
  },
}

/** The namespace name of a layer, for example `http://www.openmobilealliance.org/DTD/IMPS-CSP1.3`. */
export const namespaceOf = (layer: Layer, version: Version) => marks[version].prefixes[layer].name + version

/** Whether a namespace is one of the language, of whatever layer and version, those to come included. */
export const isOwnNamespace = (name: string): boolean =>
  Object.values(marks).some(({ prefixes }) =>
    Object.values(prefixes).some(
      ({ name: start }) => name.startsWith(start) && /^\d+\.\d+$/.test(name.slice(start.length)),
    ),
  )

/** The version whose session namespace this is, if any. */
export const versionOfNamespace = (name: string): Version | undefined =>
  (Object.keys(marks) as Version[]).find(version => namespaceOf('session', version) === name)
