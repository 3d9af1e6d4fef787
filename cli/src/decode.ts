import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { decode, Malformed, type Message } from '@village/protocol'
import type { Command } from 'commander'
import pc from 'picocolors'
import { readHexDump } from './hex-dump.ts'
import { messageTree } from './message-tree.ts'
import { printable } from './printable.ts'

const help = `
A file holds one message: XML, WBXML, or WBXML as hex digits with # comments. Passwords and digests are not shown.
The exit code is 1 if any message is broken or cannot be read.

Examples:
  village decode login.xml message.wbxml
  echo '03 11 6a 00 c9 08 03 31 2e 32 00' | village decode -
`

/** `village decode`: what messages say, or why they are broken. */
export function registerDecode(program: Command): void {
  program
    .command('decode')
    .description('show what IMPS messages say, or where they are broken')
    .argument('<file...>', 'files with one message each; - for standard input')
    .addHelpText('after', help)
    .action(async (files: readonly string[]) => {
      for (const file of files) if (!(await show(file, files.length > 1))) process.exitCode = 1
    })
}

/** Resolves to whether the message was whole. */
async function show(file: string, isNamed: boolean): Promise<boolean> {
  const name = file === '-' ? 'standard input' : file
  if (isNamed) console.log(pc.dim(`# ${name}`))
  try {
    const octets = octetsOf(await (file === '-' ? buffer(process.stdin) : readFile(file)))
    const why = strangeness(octets)
    if (why !== undefined) return broken(name, why)
    const message = decode(octets)
    console.log(messageTree(message).join('\n'))
    return isWhole(message)
  } catch (failure) {
    return broken(name, explain(failure))
  }
}

const broken = (name: string, why: string): false => {
  console.error(`${pc.red('broken')}  ${name}: ${why}`)
  return false
}

/** Why octets are no message in any syntax, as far as their beginning tells. */
const strangeness = ([first]: Uint8Array): string | undefined => {
  if (first === undefined) return 'there is nothing in it'
  if (first < 4 || /[<\s\xef\xfe\xff]/.test(String.fromCharCode(first))) return undefined
  return 'neither XML nor WBXML; a hex dump has hex digits and # comments only, as xxd -p writes it'
}

/** XML and WBXML never look like a hex dump: one begins with `<`, the other with an octet below 4. */
const octetsOf = (content: Uint8Array): Uint8Array => readHexDump(new TextDecoder('latin1').decode(content)) ?? content

const isWhole = ({ transactions }: Message) => transactions.every(({ refusal }) => refusal === undefined)

const explain = (failure: unknown): string => {
  if (failure instanceof Malformed) return printable(failure.message)
  const { code, message } = failure as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'this is a folder; name the files in it'
  if (code === 'EACCES') return 'this file may not be read'
  throw new Error(message, { cause: failure })
}
