import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/codec/index.ts'
import type { Message } from '../src/codec/message.ts'
import { octetsOfHex } from './cases.ts'

/**
 * Messages made by others, each as `.xml` and as `.hex`, that are not ours to give away. Name a folder of them in
 * VILLAGE_REFERENCE_SAMPLES, or keep one beside this repository.
 */
const repository = join(import.meta.dirname, '../..')
const folder = process.env.VILLAGE_REFERENCE_SAMPLES ?? join(repository, '../shared/protocol/samples')
const titles = existsSync(folder)
  ? readdirSync(folder)
      .filter(file => file.endsWith('.xml'))
      .map(file => file.slice(0, -'.xml'.length))
  : []

const saying = ({ version, sessionId, transactions, poll, cir }: Message) => ({
  ...{ version, sessionId, poll, cir },
  transactions: transactions.map(({ source: _, ...said }) => said),
})

describe.skipIf(titles.length === 0)('samples of others (skipped where there is no folder of them)', () => {
  it.each(titles)('%s is understood, and means the same in XML and WBXML', title => {
    const fromXml = decode(readFileSync(join(folder, `${title}.xml`)))
    for (const { refusal } of fromXml.transactions) expect(refusal).toBeUndefined()
    const hex = join(folder, `${title}.hex`)
    if (existsSync(hex)) expect(saying(decode(octetsOfHex(readFileSync(hex, 'utf8'))))).toEqual(saying(fromXml))
  })
})
