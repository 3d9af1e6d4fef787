import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, checkConfig, loadConfig } from './load.ts'
import { listOptions } from './options.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'village-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (content: string): string => {
  const path = join(folder, 'village.toml')
  writeFileSync(path, content)
  return path
}

const mistakesOf = (content: string): string[] =>
  checkConfig({ file: file(content) }).mistakes.map(mistake => mistake.replaceAll(`${folder}/`, ''))

describe('loadConfig', () => {
  it('needs nothing: every option has a default that is valid', () => {
    const { config, warnings } = loadConfig({})
    expect(config).toMatchObject({ domains: ['village.local'], http: { host: '127.0.0.1', port: 8080 } })
    expect(config.store.url).toBe('sqlite:data/village.db')
    expect(config.secrets.keyFile).toBe('village.key')
    expect(warnings).toEqual([])
    for (const { name, schema } of listOptions()) {
      const value = name.split('.').reduce<any>((node, key) => node[key], config)
      expect(schema.safeParse(value).success, name).toBe(true)
    }
  })

  it('lets defaults, file, environment and command line win in this order', () => {
    const path = file('data = "/srv/a"\n[http]\nport = 1\nhost = "::1"\n[poll]\nminSeconds = 3\n')
    const environment = { VILLAGE_HTTP_PORT: '2', VILLAGE_POLL_MIN_SECONDS: '4' }
    const { config } = loadConfig({ file: path, environment, flags: { 'http.port': '3', data: undefined } })
    expect(config.http).toMatchObject({ host: '::1', port: 3 })
    expect(config.poll).toEqual({ holdSeconds: 15, minSeconds: 4 })
    expect(config.store.url).toBe('sqlite:/srv/a/village.db')
    expect(config.secrets.keyFile).toBe('/srv/village.key')
  })

  it('reads numbers, switches and lists out of the environment, and the short form for one domain', () => {
    const read = (environment: Record<string, string>) => loadConfig({ environment }).config
    expect(read({ VILLAGE_HTTP_REQUIRE_DIGEST: 'true' }).http.requireDigest).toBe(true)
    expect(read({ VILLAGE_DOMAINS: 'a.example, B.example' }).domains).toEqual(['a.example', 'b.example'])
    expect(read({ VILLAGE_DOMAIN: 'one.example' }).domains).toEqual(['one.example'])
    expect(read({ VILLAGE_DATA: '/d', VILLAGE_LOG_LEVEL: 'warn' })).toMatchObject({
      data: '/d',
      log: { level: 'warn' },
    })
  })

  it('reads days for single domains, written alike everywhere', () => {
    const expected = [
      { domain: 'a.example', days: 30 },
      { domain: 'b.example', days: 0 },
    ]
    const domains = 'domains = ["a.example", "b.example"]\n'
    const path = file(`${domains}[history]\ndays = 7\ndomains = ["A.example=30", "b.example = 0"]\n`)
    expect(loadConfig({ file: path }).config.history).toEqual({ days: 7, domains: expected })
    const written = 'a.example=30,b.example=0'
    const read = (sources: object) => loadConfig({ file: file(domains), ...sources }).config.history.domains
    expect(read({ environment: { VILLAGE_HISTORY_DOMAINS: written } })).toEqual(expected)
    expect(read({ flags: { 'history.domains': written } })).toEqual(expected)
    for (const wrong of ['a.example', 'a.example=', 'a.example=-1', 'a.example=36501', 'a.example=1,A.example=2', '=1'])
      expect(checkConfig({ flags: { 'history.domains': wrong } }).mistakes, wrong).toEqual([
        expect.stringMatching(/must be a list of domain=days, .*history\.domains=example\.com=30, test\.example=0$/),
      ])
  })

  it('passes over the variables of test runs, empty ones and those of other programs', () => {
    const environment = { VILLAGE_TEST_PG: 'x', VILLAGE_PASSWORD: 'x', VILLAGE_HTTP_PORT: '', PATH: '/bin' }
    expect(loadConfig({ environment }).config.http.port).toBe(8080)
  })

  it('takes nested options from the command line', () => {
    expect(loadConfig({ flags: { http: { port: 9, tls: {} } } }).config.http.port).toBe(9)
  })
})

describe('mistakes', () => {
  it('come all at once, from all sources, and the message lists them', () => {
    const sources = {
      file: file('[http]\nport = 99999\nprot = 1\n'),
      environment: { VILLAGE_ADMIN_PORT: 'many', VILLAGE_HTP_HOST: 'x' },
      flags: { 'log.level': 'loud' },
    }
    expect(checkConfig(sources)).toMatchObject({ config: undefined, mistakes: { length: 5 } })
    expect(() => loadConfig(sources)).toThrow(ConfigError)
    expect(() => loadConfig(sources)).toThrow(/^5 settings need correction:\n {2}- .*port(.*\n){4}/)
  })

  it('say the option, the line, what is wrong and what to write', () => {
    expect(mistakesOf('# ports\n[http]\nport = "80" # web\n')).toEqual([
      'http.port (village.toml:3): must be a whole number from 0 to 65535, not "80". Write for example: http.port = 8080',
    ])
    expect(checkConfig({ environment: { VILLAGE_POLL_HOLD_SECONDS: '2m' } }).mistakes).toEqual([
      'poll.holdSeconds (VILLAGE_POLL_HOLD_SECONDS): must be a whole number from 0 to 18, not "2m". ' +
        'Write for example: VILLAGE_POLL_HOLD_SECONDS=15',
    ])
    expect(checkConfig({ flags: { domains: 'no domain!' } }).mistakes).toEqual([
      'domains (command line): must be a list of different domain names, at least one, not "no domain!". ' +
        'Write for example: domains=village.local',
    ])
  })

  it.each([
    ['[htpp]\nport = 1', 'htpp.port (village.toml:2): there is no such option. Did you mean http.port?'],
    [
      'requireDigest = true',
      'requireDigest (village.toml:1): there is no such option. Did you mean http.requireDigest?',
    ],
    ['x.y = 1', 'x.y (village.toml:1): there is no such option. Remove it; docs/CONFIG.md lists every option.'],
  ])('guess what an unknown key was meant to be: %j', (content, mistake) => {
    expect(mistakesOf(content)).toEqual([mistake])
  })

  it('guess in the spelling of the environment', () => {
    const { mistakes } = checkConfig({ environment: { VILLAGE_HTTP_PROT: '1' } })
    expect(mistakes).toEqual([
      'VILLAGE_HTTP_PROT (environment): there is no such option. Did you mean VILLAGE_HTTP_PORT?',
    ])
  })

  it('point at the line that is not TOML', () => {
    expect(mistakesOf('[http]\nport == 1\n')[0]).toMatch(/^village\.toml:2: this line is not TOML/)
  })

  it('name a file that is not there', () => {
    expect(checkConfig({ file: join(folder, 'none.toml') }).mistakes[0]).toContain('there is no such file')
  })

  it('never repeat a value that can hold a password', () => {
    const { mistakes } = checkConfig({ environment: { VILLAGE_STORE_URL: 'mysql://u:canary@db' } })
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).not.toContain('canary')
  })

  it.each([
    ['[http]\ntls.cert = "c.pem"', /http\.tls\.cert: TLS needs both.*Set http\.tls\.key/],
    ['[session.keepAliveSeconds]\nmax = 100', /session\.keepAliveSeconds: must keep min \(60\) <= default \(7200\)/],
    ['secrets.keyFile = "data/keys/k"', /inside the data folder/],
    ['history.domains = ["exmaple.com=30"]', /does not answer for exmaple\.com/],
    ['notices.webhook.always = true', /notices\.webhook\.always: .*Set notices\.webhook\.url/],
    ['notices.webhook.tokenFile = "t"', /notices\.webhook\.tokenFile: .*Set notices\.webhook\.url/],
  ])('see settings that do not go together: %j', (content, mistake) => {
    expect(mistakesOf(content)).toEqual([expect.stringMatching(mistake)])
  })
})

describe('the webhook of offline notices', () => {
  const mistakeOf = (flags: Record<string, unknown>) => checkConfig({ flags }).mistakes[0]

  it.each([
    ...[
      'hooks.example.com',
      'ftp://hooks.example.com',
      'file:///canary',
      'javascript:canary',
      'https://',
      'https:///x',
    ],
    ...['https://canary:secret@hooks.example.com/', 'https://hooks.example.com/#canary', 'https://a b/', 'http://[::1'],
    ...['https://hooks.example.com\\@canary.example/', 'https://hooks.example.com:99999/', 'https://h/\r\nX: canary'],
  ])('has an address that can be posted to, not %j, and messages do not repeat it', url => {
    const mistake = mistakeOf({ 'notices.webhook.url': url })
    expect(mistake).toMatch(/^notices\.webhook\.url .*must be an address like https:/)
    expect(mistake).not.toContain('canary')
  })

  it('may have a path and a query', () => {
    const flags = { 'notices.webhook.url': 'https://hooks.example.com:8443/imps?key=a@b' }
    expect(checkConfig({ flags })).toMatchObject({ mistakes: [], warnings: [] })
  })

  it.each(['PIGEON', 'SMS,SMS', 'sms', ''])('carries bearers of CSP, each once, not %j', bearers => {
    expect(mistakeOf({ 'notices.webhook.bearers': bearers })).toMatch(/different words out of SMS, WAPPUSH/)
  })

  it('gets a warning where it is reached in clear over a network', () => {
    const warningsOf = (url: string) => checkConfig({ flags: { 'notices.webhook.url': url } }).warnings
    expect(warningsOf('http://hooks.example.com/canary')).toEqual([expect.stringMatching(/^notices.*https\.$/)])
    expect(warningsOf('http://127.0.0.1:9000/')).toEqual([])
    expect(warningsOf('http://[::1]:9000/')).toEqual([])
  })
})

describe('warnings', () => {
  it('speak of an open admin API and of passwords in clear', () => {
    const open = { 'admin.host': '0.0.0.0', 'http.host': '0.0.0.0' }
    expect(checkConfig({ flags: open }).warnings).toEqual([
      expect.stringContaining('admin.host is 0.0.0.0'),
      expect.stringContaining('passwords in clear'),
    ])
    expect(checkConfig({ flags: { 'http.host': '::', 'http.requireDigest': true } }).warnings).toEqual([])
  })

  it('speak of registering that is turned on and cannot be, and of what it gives away', () => {
    const warned = (flags: Record<string, unknown>) => checkConfig({ flags }).warnings.map(it => it.split(':')[0])
    const byPassword = { 'login.register.byPassword': true }
    const clear = { ...byPassword, 'login.register.allowClear': true }
    expect(warned(byPassword)).toEqual(['login.register.byPassword'])
    expect(warned({ ...clear, 'http.requireDigest': true })).toEqual(['login.register.byPassword'])
    expect(warned(clear)).toEqual([])
    expect(warned({ ...clear, 'login.hideUnknown': true })).toEqual(['login.hideUnknown'])
    expect(warned({ 'login.register.byNetwork': true })).toEqual(['login.register.byNetwork'])
  })

  it('repeat no invitation that is not fit', () => {
    const { mistakes } = checkConfig({ flags: { 'login.register.invitation': 'swan' } })
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).not.toMatch(/: swan|"swan"/)
  })
})
