import {
  type Element,
  type Form,
  isWithin,
  leaf,
  node,
  optional,
  type Part,
  type Parts,
  shaped,
  type Value,
  type Version,
  versions,
} from './kit.ts'

/**
 * The service tree (CSP 6.9.1). A branch without anything below it means everything below it, so an empty object is
 * not the same as none. Names follow the wire; the leaves are named as the sections of CSP 7 to 10 name them.
 */

const service = <N extends string>(
  name: N,
  token: number,
  page = 0x02,
  span: { since?: Version; until?: Version } = {},
) => leaf('empty', name, page, token, span)
const v12 = { since: '1.2' } as const
const v13 = { since: '1.3' } as const
const retired = { until: '1.2' } as const

export const MF = service('MF', 0x3d, 0x02, v12)
export const GETSPI = service('GETSPI', 0x1a)
export const GETMAP = service('GETMAP', 0x0a, 0x08, v13)
export const SGMNT = service('SGMNT', 0x0b, 0x08, v13)
export const SRCH = service('SRCH', 0x38)
export const ADVSR = service('ADVSR', 0x0e, 0x08, v13)
export const STSRC = service('STSRC', 0x39)
export const INVIT = service('INVIT', 0x26)
export const CAINV = service('CAINV', 0x09)
export const VRID = service('VRID', 0x08, 0x08, v12)

export const MP = service('MP', 0x05, 0x08, v12)
export const GCLI = service('GCLI', 0x14)
export const CCLI = service('CCLI', 0x0b)
export const DCLI = service('DCLI', 0x0f)
export const MCLS = service('MCLS', 0x29)
/** Notification of contact list changes: a later addition, whose proposed token 0x40 no tag can have. */
export const NCLS = service('NCLS', 0x0f, 0x08, v13)
export const GETWL = service('GETWL', 0x1b)
export const REACT = service('REACT', 0x30, 0x02, retired)
export const CAAUT = service('CAAUT', 0x08, 0x02, retired)
export const GETAUT = service('GETAUT', 0x06, 0x08, v12)
export const GETPR = service('GETPR', 0x19)
export const UPDPR = service('UPDPR', 0x3b)
export const CALI = service('CALI', 0x0a, 0x02, retired)
export const DALI = service('DALI', 0x0e, 0x02, retired)
export const GALS = service('GALS', 0x13, 0x02, retired)

export const MM = service('MM', 0x3f, 0x02, v12)
export const MDELIV = service('MDELIV', 0x2a)
export const FWMSG = service('FWMSG', 0x12)
export const SETD = service('SETD', 0x36)
export const GETLM = service('GETLM', 0x17)
export const GETM = service('GETM', 0x18)
export const REJCM = service('REJCM', 0x31)
export const NOTIF = service('NOTIF', 0x2c)
export const NEWM = service('NEWM', 0x2b)
export const OFFNOTIF = service('OFFNOTIF', 0x0d, 0x08, v13)
export const GLBLU = service('GLBLU', 0x1c)
export const BLENT = service('BLENT', 0x07)

export const MG = service('MG', 0x3e, 0x02, v12)
export const CREAG = service('CREAG', 0x0d)
export const DELGR = service('DELGR', 0x10)
export const GETGP = service('GETGP', 0x16)
export const SETGP = service('SETGP', 0x37)
export const SUBGCN = service('SUBGCN', 0x3a)
export const GRCHN = service('GRCHN', 0x1d)
export const EXCON = service('EXCON', 0x0c, 0x08, v13)
export const GETGM = service('GETGM', 0x15)
export const ADDGM = service('ADDGM', 0x05)
export const RMVGM = service('RMVGM', 0x33)
export const MBRAC = service('MBRAC', 0x28)
export const REJEC = service('REJEC', 0x32)
export const GETJU = service('GETJU', 0x07, 0x08, v12)

/** Whether anything of a tree can be said in a version. Bare it can: then it means everything that version has. */
const survives = (version: Version, { parts, facts }: Element, tree: Record<string, any>): boolean => {
  if (!isWithin(version, facts)) return false
  let isBare = true
  for (const key in parts) {
    if (tree[key] === undefined) continue
    if (survives(version, parts[key]!.of, tree[key])) return true
    isBare = false
  }
  return isBare
}
/** A branch below which a version knows nothing of what is there is left out: bare it would mean everything. */
const branch = <E extends Element>(of: E): Part<E, 'optional'> => {
  const until = (version: Version): Form => ({
    until: version,
    of,
    up: ([tree]) => tree,
    down: tree => (survives(version, of, tree) ? [tree] : []),
  })
  return { ...optional(of), forms: versions.map(until) }
}

export const ServiceFunc = node('ServiceFunc', 0x02, 0x35, {
  getspi: optional(GETSPI),
  getmap: optional(GETMAP, v13),
  sgmnt: optional(SGMNT, v13),
})
export const SearchFunc = node('SearchFunc', 0x02, 0x34, {
  srch: optional(SRCH),
  advsr: optional(ADVSR, v13),
  stsrc: optional(STSRC),
})
export const InviteFunc = node('InviteFunc', 0x02, 0x27, { invit: optional(INVIT), cainv: optional(CAINV) })
export const VerifyIDFunc = node('VerifyIDFunc', 0x08, 0x09, { vrid: optional(VRID) }, v12)
export const ContListFunc = node('ContListFunc', 0x02, 0x0c, {
  gcli: optional(GCLI),
  ccli: optional(CCLI),
  dcli: optional(DCLI),
  mcls: optional(MCLS),
  ncls: optional(NCLS, v13),
})
export const PresenceAuthFunc = node('PresenceAuthFunc', 0x02, 0x2d, {
  getwl: optional(GETWL),
  react: optional(REACT, retired),
  caaut: optional(CAAUT, retired),
  getaut: optional(GETAUT, v12),
})
export const PresenceDeliverFunc = node('PresenceDeliverFunc', 0x02, 0x2e, {
  getpr: optional(GETPR),
  updpr: optional(UPDPR),
})
export const AttListFunc = node(
  'AttListFunc',
  0x02,
  0x06,
  { cali: optional(CALI), dali: optional(DALI), gals: optional(GALS) },
  retired,
)
export const IMSendFunc = node('IMSendFunc', 0x02, 0x25, { mdeliv: optional(MDELIV), fwmsg: optional(FWMSG) })
export const IMReceiveFunc = node('IMReceiveFunc', 0x02, 0x24, {
  setd: optional(SETD),
  getlm: optional(GETLM),
  getm: optional(GETM),
  rejcm: optional(REJCM),
  notif: optional(NOTIF),
  newm: optional(NEWM),
  offnotif: optional(OFFNOTIF, v13),
})
export const IMAuthFunc = node('IMAuthFunc', 0x02, 0x22, { glblu: optional(GLBLU), blent: optional(BLENT) })
export const GroupMgmtFunc = node('GroupMgmtFunc', 0x02, 0x20, {
  creag: optional(CREAG),
  delgr: optional(DELGR),
  getgp: optional(GETGP),
  setgp: optional(SETGP),
})
export const GroupUseFunc = node('GroupUseFunc', 0x02, 0x21, {
  subgcn: optional(SUBGCN),
  grchn: optional(GRCHN),
  excon: optional(EXCON, v13),
})
export const GroupAuthFunc = node('GroupAuthFunc', 0x02, 0x1e, {
  getgm: optional(GETGM),
  addgm: optional(ADDGM),
  rmvgm: optional(RMVGM),
  mbrac: optional(MBRAC),
  rejec: optional(REJEC),
  getju: optional(GETJU, v12),
})

/** A feature names either its mandatory functions as a whole or the branches it wants (CSP 6.9.1). */
const feature = <P extends Parts>(name: string, token: number, parts: P) => {
  const [mandatory, ...branches] = Object.keys(parts)
  return node(name, 0x02, token, parts, { either: [[mandatory!], branches], eitherOptional: true })
}
export const FundamentalFeat = feature('FundamentalFeat', 0x11, {
  mf: optional(MF, v12),
  serviceFunc: branch(ServiceFunc),
  searchFunc: branch(SearchFunc),
  inviteFunc: branch(InviteFunc),
  verifyIdFunc: branch(VerifyIDFunc),
})
export const PresenceFeat = feature('PresenceFeat', 0x2f, {
  mp: optional(MP, v12),
  contListFunc: branch(ContListFunc),
  presenceAuthFunc: branch(PresenceAuthFunc),
  presenceDeliverFunc: branch(PresenceDeliverFunc),
  attListFunc: branch(AttListFunc),
})
export const IMFeat = feature('IMFeat', 0x23, {
  mm: optional(MM, v12),
  imSendFunc: branch(IMSendFunc),
  imReceiveFunc: branch(IMReceiveFunc),
  imAuthFunc: branch(IMAuthFunc),
})
export const GroupFeat = feature('GroupFeat', 0x1f, {
  mg: optional(MG, v12),
  groupMgmtFunc: branch(GroupMgmtFunc),
  groupUseFunc: branch(GroupUseFunc),
  groupAuthFunc: branch(GroupAuthFunc),
})

export const WVCSPFeat = node('WVCSPFeat', 0x02, 0x3c, {
  fundamentalFeat: branch(FundamentalFeat),
  presenceFeat: branch(PresenceFeat),
  imFeat: branch(IMFeat),
  groupFeat: branch(GroupFeat),
})
export interface ServiceTree extends Value<typeof WVCSPFeat> {}

const isBare = (tree: ServiceTree) => Object.values(tree).every(branch => branch === undefined)
const whole: ServiceTree = { fundamentalFeat: {}, presenceFeat: {}, imFeat: {}, groupFeat: {} }
/** A bare root means everything, no root means nothing: read as all four features, and as a tree without any. */
const tree = (name: string, token: number) =>
  shaped(
    name,
    0x01,
    token,
    { root: branch(WVCSPFeat) },
    ({ root }): ServiceTree => (root === undefined ? {} : isBare(root) ? whole : root),
    features => ({ root: isBare(features) ? undefined : features }),
  )
/** Services asked for or, in answers, those that are not available. */
export const Functions = tree('Functions', 0x11)
export const AllFunctions = tree('AllFunctions', 0x05)
