import { posix } from 'node:path'
import {
  choice,
  choices,
  count,
  domainDays,
  domainList,
  type Option,
  optionalOrigin,
  optionalPort,
  optionalText,
  optionalUrl,
  originList,
  port,
  storeAddress,
  text,
  toggle,
} from './kinds.ts'
import { loginOptions } from './login-options.ts'

/** A hundred years: what has to be kept for longer does not belong into a chat server. */
const mostHistoryDays = 36_500
/**
 * Every option of the server, once. The position in this tree is its name: `http.port` here is `port` under `[http]`
 * in village.toml and VILLAGE_HTTP_PORT in the environment. docs/CONFIG.md is generated from it.
 */
const options = {
  data: text('./data', 'the path of a folder', './data', 'Folder for everything the server keeps; made when missing.'),
  domains: domainList(
    ['village.local'],
    'Domains this server answers for; an address written without a domain belongs to the first.',
  ),
  http: {
    host: text(
      '127.0.0.1',
      'a host name or IP address of this machine',
      '0.0.0.0',
      'Address on which IMPS clients are heard; 0.0.0.0 or :: opens the server to other machines.',
    ),
    port: port(8080, 'Port for IMPS clients, on the paths /imps and /; 0 takes any free port.'),
    publicUrl: optionalOrigin(
      'https://im.example.com',
      'Where clients reach the server, if a gateway stands in front; otherwise it is told as they call it.',
    ),
    allowedOrigins: originList(
      'https://chat.example.com',
      'Web pages served from elsewhere whose scripts may speak to this server (CORS).',
    ),
    requireDigest: toggle(false, 'Refuse passwords in clear on plain HTTP; clients must log in in two steps (digest).'),
    maxBodyBytes: count(262_144, 1024, 16_777_216, 'Longest request body that is read; a longer one gets 413.'),
    tls: {
      cert: optionalText(
        'the path of a PEM file',
        '/etc/village/cert.pem',
        'Certificate chain; with key, turns TLS on.',
      ),
      key: optionalText(
        'the path of a PEM file',
        '/etc/village/key.pem',
        'Private key that belongs to the certificate.',
      ),
    },
  },
  admin: {
    host: text(
      '127.0.0.1',
      'a host name or IP address of this machine',
      '127.0.0.1',
      'Address of the admin API; keep it on loopback or on a network only operators reach.',
    ),
    port: port(8081, 'Port of the admin API, /healthz and /metrics; 0 takes any free port.'),
  },
  store: {
    url: storeAddress(
      { text: 'sqlite:<data>/village.db', from: data => `sqlite:${posix.join(data, 'village.db')}` },
      'Where accounts, lists and messages are kept: a SQLite file, or a PostgreSQL database.',
    ),
  },
  secrets: {
    keyFile: text(
      { text: 'village.key beside the data folder', from: data => posix.join(posix.dirname(data), 'village.key') },
      'the path of a file',
      '/etc/village/village.key',
      'File with the master key for sealed passwords; made on first start. Back it up apart from the data.',
    ),
    allowMd4: toggle(false, 'Also offer the MD4 digest, broken long ago, to clients that know nothing better.'),
  },
  session: {
    keepAliveSeconds: {
      default: count(7200, 1, 604_800, 'Idle time granted to a client that does not ask for one.'),
      min: count(60, 1, 604_800, 'Shortest idle time a client is given, whatever it asks for.'),
      max: count(86_400, 1, 604_800, 'Longest idle time a client is given, whatever it asks for.'),
    },
    maxPerUser: count(
      8,
      2,
      1000,
      'How many clients of one user may be logged in at the same time; two at least (CSP 5.1.3).',
    ),
    contextSeconds: count(
      3600,
      0,
      2_592_000,
      'How long after its end a session can be taken up again with all that was agreed; 0 forgets it at once.',
    ),
  },
  poll: {
    // Clients expect an answer within 20 seconds (CSP 5.4).
    holdSeconds: count(15, 0, 18, 'How long an empty poll is held open for something to arrive; 0 answers at once.'),
    minSeconds: count(5, 1, 3600, 'Shortest pause between polls that clients are asked to keep (ServerPollMin).'),
  },
  cir: {
    tcp: {
      host: text(
        '127.0.0.1',
        'a host name or IP address of this machine',
        '0.0.0.0',
        'Address on which clients are heard that hold a TCP connection open to be woken on (STCP).',
      ),
      port: optionalPort(
        'Port of it; 0 takes any free port. Clients are told, so any port is as good. Off unless set.',
      ),
      publicAddress: optionalText(
        'a host name or IP address',
        'im.example.com',
        'What clients are told to connect to, if it is not the host of the address they log in at.',
      ),
    },
    udp: {
      host: text(
        '127.0.0.1',
        'an IP address of this machine',
        '0.0.0.0',
        'Address from which datagrams are sent to wake clients (SUDP, WAPUDP); their answers come to it.',
      ),
      port: optionalPort('Port for that; 0 takes any free port. Off unless set.'),
      publicAddress: optionalText(
        'a host name or IP address',
        'im.example.com',
        'Where clients behind a router are told to say HELO, if not at the host of the address they log in at.',
      ),
    },
  },
  messages: {
    maxValiditySeconds: count(
      2_592_000,
      60,
      31_536_000,
      'Longest time an undelivered message waits for its recipient.',
    ),
    defaultValiditySeconds: count(
      2_592_000,
      60,
      31_536_000,
      'How long a message waits whose sender does not say; never longer than the longest time.',
    ),
    queueLimit: count(1000, 1, 1_000_000, 'How many messages may wait for one user; further ones are refused.'),
    scalePictures: toggle(
      true,
      'Make pictures smaller for clients that could not have them otherwise; needs the optional package sharp.',
    ),
    hideRefusals: toggle(
      false,
      'Do not tell senders who asked for reports that a message was rejected or forwarded unread, or has expired.',
    ),
    hideBlock: toggle(
      false,
      'Let senders who are blocked believe that they are heard; otherwise they are told 532 (recipient blocked the sender).',
    ),
  },
  history: {
    days: count(
      0,
      0,
      mostHistoryDays,
      'For how many days messages are kept after they were accepted; 0 keeps no history.',
    ),
    domains: domainDays(
      mostHistoryDays,
      'Days for users of single domains, in place of history.days; 0 keeps nothing for them.',
    ),
  },
  access: {
    maxBlocked: count(1000, 0, 10_000, 'How many entries the block list of one user may have; beyond, 757.'),
    maxGranted: count(1000, 0, 10_000, 'How many entries the grant list of one user may have; beyond, 756.'),
    maxWildcards: count(
      8,
      0,
      32,
      'How many wildcards (* and ?) one entry of these lists may have; more get 548, and with 0 all of them 547.',
    ),
    maxWildcardEntries: count(
      100,
      1,
      10_000,
      'How many entries with wildcards each of these lists may have; each is tried on every message. Beyond, 548.',
    ),
  },
  contacts: {
    maxLists: count(50, 1, 1000, 'How many contact lists one user may have; beyond, 753.'),
    maxContacts: count(1000, 0, 10_000, 'How many members all contact lists of one user may have; beyond, 754.'),
  },
  presence: {
    maxSubscriptions: count(
      2000,
      1,
      100_000,
      'How many users and contact lists one session may subscribe to; beyond, 758.',
    ),
    maxWatchers: count(10_000, 1, 1_000_000, 'How many sessions may watch one user by User-ID; beyond, 758.'),
    maxAttributeLists: count(1000, 1, 10_000, 'How many attribute lists one user may have; beyond, 755.'),
    watcherHistoryHours: count(
      24,
      0,
      720,
      'How long users can ask who watched them or looked, besides those who do; 0: not at all.',
    ),
  },
  notices: {
    perAbsence: count(1, 1, 100, 'How many notices a user is sent between two logins.'),
    repeatHours: count(24, 1, 720, 'Least time from one of them to the next, which takes another message.'),
    webhook: {
      url: optionalUrl(
        'https://hooks.example.com/imps',
        'Where a notice is posted when a message arrives for a user who is not logged in. Off unless set.',
      ),
      bearers: choices(
        ['SMS', 'WAPPUSH'],
        ['SMS'],
        'What clients may expect of whoever gets it; they are told only if they agree to one of these.',
      ),
      always: toggle(false, 'Post notices also for users whose clients did not ask for any.'),
      tokenFile: optionalText(
        'the path of a file',
        '/etc/village/webhook-token',
        'File with the token that is sent along (Authorization: Bearer); for its owner alone to read.',
      ),
      timeoutSeconds: count(10, 1, 60, 'How long an answer may take before a notice is posted again.'),
    },
  },
  provider: {
    name: text('Village', 'a name', 'Example Messaging', 'Name of the service that clients show to their users.'),
    text: optionalText('a text', 'A place to talk', 'A sentence about the service, shown beside its name.'),
    url: optionalText('the address of a web page', 'http://example.com/about', 'Page with more about the service.'),
    logo: optionalText(
      'the path of a png, gif, jpg or wbmp file of at most 24 KiB',
      '/etc/village/logo.png',
      'Picture that clients show beside the name.',
    ),
  },
  announcements: {
    validitySeconds: count(
      604_800,
      60,
      31_536_000,
      'How long an announcement waits for users unless it says otherwise.',
    ),
    retentionSeconds: count(
      2_592_000,
      60,
      31_536_000,
      'How long an announcement and its answers can be looked at after its validity is over.',
    ),
    maxWrongAnswers: count(5, 1, 100, 'Bad answers to announcements after which a user is locked out.'),
    lockOutSeconds: count(600, 1, 86_400, 'How long a user is locked out after too many bad answers.'),
  },
  login: loginOptions,
  trace: {
    entries: count(200, 10, 2000, 'How many messages of a user are kept while they are traced (village trace).'),
    minutes: count(60, 1, 1440, 'How long a trace lasts unless it is stopped or started again.'),
  },
  log: {
    level: choice(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'info',
      'Least serious kind of line that is written to the log.',
    ),
    pretty: toggle(false, 'Write the log for people to read rather than as JSON lines.'),
  },
} as const satisfies OptionTree

export interface OptionTree {
  readonly [name: string]: Option<any> | OptionTree
}

type ConfigOf<T> = { readonly [K in keyof T]: T[K] extends Option<infer V> ? V : ConfigOf<T[K]> }

/** All settings with their values, nested as the options are. */
export type Config = ConfigOf<typeof options>

/** An option under its full name, with the environment variable that sets it. */
export interface NamedOption extends Option<any> {
  readonly name: string
  readonly variable: string
}

/** All options in the order of the tree. */
export const listOptions = (tree: OptionTree = options, prefix = ''): NamedOption[] =>
  Object.entries(tree).flatMap(([key, node]) => {
    const name = prefix + key
    return isOption(node) ? [{ ...node, name, variable: variableFor(name) }] : listOptions(node, `${name}.`)
  })

/** `http.maxBodyBytes` -> `VILLAGE_HTTP_MAX_BODY_BYTES` */
export const variableFor = (name: string): string =>
  `VILLAGE_${name.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`

const isOption = (node: Option<any> | OptionTree): node is Option<any> => 'schema' in node && 'shape' in node
