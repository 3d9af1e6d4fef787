import { count, networkList, optionalNotice, optionalSecret, text, textList, toggle } from './kinds.ts'

/** What people take for the word of whoever runs the server. */
const reservedNames =
  'abuse admin* help* hostmaster info moderator noreply operator postmaster root security service* support* system ' +
  'village* webmaster'

/** Who may log in, and how; a part of the tree in options.ts. */
export const loginOptions = {
  hideUnknown: toggle(false, 'Answer 409 (wrong password) also for users that do not exist, instead of 531.'),
  forbiddenApplications: textList(
    'a list of Application-IDs',
    '["SpyWare1.0"]',
    'Applications that may not log in, by their Application-ID in any case; they are told 515.',
  ),
  attemptsPerMinute: {
    account: count(5, 1, 1000, 'Tries to log in to one account; beyond, each further try waits twice as long.'),
    source: count(30, 1, 100_000, 'Failed tries from one network address before it has to wait.'),
  },
  network: {
    headers: textList(
      'a list of names of HTTP headers',
      '["MSISDN"]',
      'Headers in which gateways tell the number of a phone; the first that is there counts.',
      ['MSISDN', 'X-Network-MSISDN', 'X-Up-Calling-Line-Id'],
    ),
    trustedPeers: networkList(
      'Gateways whose word on the number of a phone is taken for a login; all others are not listened to.',
    ),
  },
  register: {
    byPassword: toggle(
      false,
      'Make an account for an unknown user who logs in with a password (2-way) over TLS, instead of answering 531.',
    ),
    byNetwork: toggle(
      false,
      'Make an account for an unknown user whose User-ID is the number that a trusted gateway tells.',
    ),
    allowClear: toggle(
      false,
      'Register over plain HTTP too, where others can read the password; not with http.requireDigest.',
    ),
    reserved: textList(
      'a list of names',
      '["admin*", "root"]',
      'Names in front of the @ that nobody can register; one that ends in * stands for all that begin so.',
      reservedNames.split(' '),
    ),
    maxAccounts: count(
      10_000,
      1,
      10_000_000,
      'How many accounts, however they were made, end registering until some are removed.',
    ),
    terms: optionalNotice(
      'By using this service you accept http://example.com/terms',
      'What newcomers must agree to first; only clients of 1.3 can, so others register nobody.',
    ),
    agreement: text('I agree', 'a text', 'I agree', 'The one answer to the terms that newcomers are given.'),
    invitation: optionalSecret(
      6,
      'seven swans',
      'Word that newcomers must give first, in any case; tell it to those you want. As terms, for 1.3 only.',
    ),
    perHour: {
      source: count(3, 1, 10_000, 'How many accounts are registered from one network address, or phone, an hour.'),
      server: count(100, 1, 10_000, 'How many accounts are registered in all an hour.'),
    },
  },
} as const
