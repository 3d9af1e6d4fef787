import { randomBytes } from 'node:crypto'
import type { RandomBytes } from './sealing.ts'

/** What became of a password a person chose. A warning is for showing; a refusal means it must not be used. */
export type PasswordVerdict =
  | { readonly accepted: true; readonly warning: string | undefined }
  | { readonly accepted: false; readonly hint: string }

// Neither 0 o, 1 l i: nothing that looks like another. No capitals or signs: those are what a phone keypad types badly.
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const generatedLength = 16

const shortest = 4
const advised = 10
/** Digest values and text commands carry passwords; longer ones are known to be cut off by handsets. */
const longest = 50

/** 16 characters, some 79 bits: the digest of such a password cannot be guessed from what a listener on the air sees. */
export const generatePassword = (random: RandomBytes = randomBytes): string => {
  let password = ''
  while (password.length < generatedLength) {
    // Of 32 equally likely values one has no character and is thrown away, so that none is more likely than others.
    for (const octet of random(generatedLength)) password += alphabet[octet & 31] ?? ''
  }
  return password.slice(0, generatedLength)
}

/**
 * Judges a password that a person chose. 10 characters are advised; fewer are let through with a warning, because
 * whoever types a password into the command line or a demo has reasons, down to 4.
 */
export const judgePassword = (password: string): PasswordVerdict => {
  const length = [...password].length
  if (length < shortest) return refused(`Choose at least ${shortest} characters, better ${advised} or more.`)
  if (length > longest) return refused(`Choose at most ${longest} characters: phones cannot send longer ones.`)
  if (/\p{Cc}|\p{Cs}/u.test(password)) return refused('Leave out control characters: they cannot be typed on a phone.')
  if (common.has(password.toLowerCase())) return refused('This is one of the first passwords guessed. Choose another.')
  if (length >= advised) return { accepted: true, warning: undefined }
  const warning = `This password has ${length} characters; one with less than ${advised} can be guessed by a listener.`
  return { accepted: true, warning }
}

const refused = (hint: string): PasswordVerdict => ({ accepted: false, hint })

const common: ReadonlySet<string> = new Set(
  `1234 0000 1111 12345 123456 1234567 12345678 123456789 1234567890 0987654321 9876543210 0123456789 1111111111
   password password1 password12 password123 password1234 passw0rd qwerty qwerty123 qwertyuiop 1q2w3e4r 1q2w3e4r5t
   qwerty12345 1qaz2wsx3edc q1w2e3r4t5 abc123 abcd1234 abcdefghij iloveyou iloveyou123 letmein welcome welcome123
   admin admin123 administrator changeme changeme123 football baseball superman princess sunshine dragon monkey`
    .trim()
    .split(/\s+/),
)
