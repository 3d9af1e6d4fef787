import { describe, expect, it } from 'vitest'
import { formatDate, parseBool, parseDate, parseInteger } from './scalars.ts'

describe('moments', () => {
  it.each([
    ['20010925T165859Z', '2001-09-25T16:58:59Z'],
    ['2001-09-25T16:58:59Z', '2001-09-25T16:58:59Z'],
    ['20010925T165859', '2001-09-25T16:58:59Z'],
    ['20010925T165859.5Z', '2001-09-25T16:58:59Z'],
    ['20010925T165859+0200', '2001-09-25T14:58:59Z'],
    ['20010925T235859-05', '2001-09-26T04:58:59Z'],
    ['20240229T000000Z', '2024-02-29T00:00:00Z'],
    ['20161231T235960Z', '2017-01-01T00:00:00Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseDate(text)).toEqual(new Date(moment))
  })

  it.each([
    ...['', 'yesterday', '20010925', '20010925T1658Z', '20011325T165859Z', '20010931T165859Z', '20230229T000000Z'],
    ...['20010925T245859Z', '20010925T166059Z', '20010925T165861Z', '00500925T165859Z', '20010925T165859ZZ'],
    ...['99991231T235960Z', '99991231T235959-01', '9999-12-31T23:59:60Z'],
  ])('%s is none', text => {
    expect(parseDate(text)).toBeUndefined()
  })

  it('are written in UTC, to the second', () => {
    expect(formatDate(new Date('2026-01-31T23:59:01.999Z'))).toBe('20260131T235901Z')
  })
})

describe('numbers and truth', () => {
  it('reads decimal digits up to 32 bits', () => {
    expect(['0', '007', '4294967295'].map(parseInteger)).toEqual([0, 7, 4294967295])
    expect(['', '-1', '+1', '1.0', '1e3', ' 1', '4294967296', '0'.repeat(21)].map(parseInteger)).toEqual(
      Array(8).fill(undefined),
    )
  })

  it('reads T and F', () => {
    expect(['T', 't', 'F', 'f', 'true', ''].map(parseBool)).toEqual([true, true, false, false, undefined, undefined])
  })
})
