import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** WBXML decoders of others, where they are installed: wbxml2xml of libwbxml2-utils, and tshark. */

export const isInstalled = (program: string) => spawnSync(program, ['-v'], { stdio: 'ignore' }).error === undefined

const inFolder = <T>(use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'village-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** XML of WBXML, without declaration and DOCTYPE. */
export const byLibwbxml = (documents: readonly { wbxml: Uint8Array; language: 'CSP11' | 'CSP12' }[]): string[] =>
  inFolder(folder =>
    documents.map(({ wbxml, language }) => {
      const path = join(folder, 'message.wbxml')
      writeFileSync(path, wbxml)
      const { stdout } = spawnSync('wbxml2xml', ['-l', language, '-m', '0', '-o', '-', path], { encoding: 'utf8' })
      return stdout.replace(/^<\?xml[^>]*\?>\s*(<!DOCTYPE[^>]*>)?\s*/, '')
    }),
  )

/** What tshark prints of each document: its WBXML body, indented, one node a line. */
export const byTshark = (documents: readonly { wbxml: Uint8Array; contentType: string }[]): string[] =>
  inFolder(folder => {
    const path = join(folder, 'messages.pcap')
    writeFileSync(path, capture(documents.map(({ wbxml, contentType }) => post(wbxml, contentType))))
    const dissectors = ['-d', 'tcp.port==8080,http', '-d', 'media_type==application/vnd.wv.csp+wbxml,wbxml']
    const { stdout } = spawnSync('tshark', ['-r', path, ...dissectors, '-O', 'wbxml'], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    return stdout.split(/^Frame \d+:.*$/m).slice(1)
  })

const post = (body: Uint8Array, contentType: string): Buffer =>
  Buffer.concat([
    Buffer.from(`POST / HTTP/1.1\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ])

/** A pcap file of bare IPv4 (link type 101) with one TCP segment a connection. */
const capture = (payloads: readonly Buffer[]): Buffer => {
  const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000065000000', 'hex')
  const packets = payloads.map((payload, index) => {
    const ip = Buffer.from('450000000000400040060000c0000201c0000202', 'hex')
    ip.writeUInt16BE(40 + payload.length, 2)
    const tcp = Buffer.from('00001f900000000100000001501820000000000000000000'.slice(0, 40), 'hex')
    tcp.writeUInt16BE(10_000 + index, 0)
    const record = Buffer.alloc(16)
    record.writeUInt32LE(40 + payload.length, 8)
    record.writeUInt32LE(40 + payload.length, 12)
    return Buffer.concat([record, ip, tcp, payload])
  })
  return Buffer.concat([header, ...packets])
}
