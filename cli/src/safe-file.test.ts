import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { safeName, saveNew } from './safe-file.ts'

describe('the name of a file that somebody else named', () => {
  it.each([
    ['holiday.png', 'holiday.png'],
    ['Höhle (2).png', 'Höhle (2).png'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/cron.d/job', 'job'],
    ['C:\\Windows\\system.ini', 'system.ini'],
    ['.bashrc', 'bashrc'],
    ['..', 'message.bin'],
    ['...', 'message.bin'],
    ['', 'message.bin'],
    ['a/', 'message.bin'],
    ['-rf', 'rf'],
    ['a\x1b[2J\n\0b.png', 'a__2J__b.png'],
    ['exe.gnp\u202e.png', 'exe.gnp_.png'],
    ['con.txt', 'message.bin'],
    ['LPT1', 'message.bin'],
    ['photo.png. ', 'photo.png'],
    ['$(reboot);`id`|x', '_(reboot)__id__x'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeName(name, 'message.bin')).toBe(safe)
  })

  it('is short, and keeps its ending', () => {
    const name = safeName(`${'ü'.repeat(400)}.jpeg`, 'x')
    expect(name).toMatch(/^ü+\.jpeg$/)
    expect([...name]).toHaveLength(100)
  })
})

describe('a file that is saved', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'village-save-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const octets = (text: string) => new TextEncoder().encode(text)

  it('never takes the place of another, nor goes through a link', async () => {
    const outside = join(folder, 'outside')
    writeFileSync(join(folder, 'a.txt'), 'mine')
    symlinkSync(outside, join(folder, 'a (2).txt'))
    const paths = [await saveNew(folder, 'a.txt', octets('one')), await saveNew(folder, 'a.txt', octets('two'))]
    expect(paths).toEqual([join(folder, 'a (3).txt'), join(folder, 'a (4).txt')])
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(paths[0]!, 'utf8')).toBe('one')
    expect(readdirSync(folder)).not.toContain('outside')
  })

  it('is for its owner, and nobody runs it', async () => {
    const path = await saveNew(folder, 'run.sh', octets('#!/bin/sh'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('needs a folder', async () => {
    await expect(saveNew(join(folder, 'none'), 'a', octets('x'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
