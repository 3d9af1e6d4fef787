import { describe, expect, it } from 'vitest'
import {
  type Address,
  addressFault,
  clientIdOf,
  clientKey,
  format,
  isDomain,
  maxAddressLength,
  ownerKey,
  parseAddress,
  parseContactListId,
  parseGroupId,
  parseUserId,
  screenNameKey,
} from './address.ts'

const home = 'imps.com'
const parse = (text: string): Address => {
  const address = parseAddress(text, home)
  if (address === undefined) throw new Error(`${text} is no address: ${addressFault(text, home)}`)
  return address
}
const key = (text: string) => parse(text).key
const fault = (text: string) => addressFault(text, home)

describe('parseAddress', () => {
  it('reads the examples of 5.3.4 to 5.3.6', () => {
    const examples = [
      ['wv:yuriyt', 'user', 'wv:yuriyt@imps.com'],
      ['wv:+1234567890', 'user', 'wv:+1234567890@imps.com'],
      ['wv:4567890', 'user', 'wv:4567890@imps.com'],
      ['wv:Jon.Smith@imps.com', 'user', 'wv:jon.smith@imps.com'],
      ['wv:+1234567890@imps.com', 'user', 'wv:+1234567890@imps.com'],
      ['wv:4567890@imps.com', 'user', 'wv:4567890@imps.com'],
      ['wv:%24mith@server.com', 'user', 'wv:%24mith@server.com'],
      ['wv:john/colleagues@imps.com', 'private', 'wv:john/colleagues@imps.com'],
      ['wv:john/friends', 'private', 'wv:john/friends@imps.com'],
      ['wv:/managers', 'public', 'wv:/managers@imps.com'],
      ['wv:/technical_forum@imps.com', 'public', 'wv:/technical_forum@imps.com'],
    ] as const
    for (const [text, kind, expected] of examples) expect(parse(text)).toMatchObject({ kind, key: expected })
  })

  it('takes an address apart, decoded but spelled as written', () => {
    expect(parse('WV:Al%49ce/My%20Friends@Example.COM')).toEqual({
      kind: 'private',
      user: 'AlIce',
      resource: 'My Friends',
      domain: 'example.com',
      key: 'wv:alice/my%20friends@example.com',
      isLocal: false,
      written: 'Al%49ce/My%20Friends',
      writtenDomain: 'Example.COM',
    })
  })

  it('assumes the scheme where it is missing, in any case where it is not', () => {
    for (const text of ['alice', 'wv:alice', 'WV:alice', 'Wv:alice@imps.com', 'ALICE@IMPS.COM']) {
      expect(key(text)).toBe('wv:alice@imps.com')
    }
    expect(key('+358401234567')).toBe('wv:+358401234567@imps.com')
    expect(key('/managers')).toBe('wv:/managers@imps.com')
    expect(key('wv')).toBe('wv:wv@imps.com')
  })

  it('completes a local address with the home domain', () => {
    expect(parseAddress('wv:alice', 'Other.NET')).toMatchObject({ isLocal: true, domain: 'other.net' })
    expect(parse('wv:alice@imps.com').isLocal).toBe(false)
  })

  it('tells other address schemes from mistakes', () => {
    for (const text of ['sip:bob@imps.com', 'mailto:bob@imps.com', 'tel:+358', 'foo:bar', 'x-a+b.c:d', 'wvx:alice']) {
      expect(fault(text)).toBe('scheme')
    }
    for (const text of ['wv:sip:bob', 'wv:wv:bob', ':bob', '12:30', 'w%76:bob']) expect(fault(text)).toBe('character')
    expect(fault('alice@imps.com:5060')).toBe('domain')
  })

  describe('of SIP and mail', () => {
    const domains = ['imps.com', 'second.example']
    const user = (text: string) => parseUserId(text, home, domains)

    it('names the users of the domains that are given, and is one of wv: from there on', () => {
      const texts = ['sip:bob@imps.com', 'SIP:Bob@IMPS.com', 'mailto:bob@imps.com', 'MailTo:%62ob@imps.com']
      for (const text of texts) {
        expect(user(text)).toMatchObject({ kind: 'user', key: 'wv:bob@imps.com', isLocal: false })
        expect(format(user(text)!, 'qualified', home)).toMatch(/^wv:(bob|%62ob)@imps.com$/i)
      }
      expect(user('sip:bob@second.example')?.key).toBe('wv:bob@second.example')
      expect(user('sip:+358401234567@imps.com')?.key).toBe('wv:+358401234567@imps.com')
      expect(user('mailto:bob+lists@imps.com')?.key).toBe('wv:bob%2blists@imps.com')
      expect(user('mailto:J%C3%BCrgen@imps.com')?.key).toBe(key('wv:j%c3%bcrgen'))
      expect(user('mailto:wv@imps.com')?.key).toBe(key('wv:wv'))
      expect(user('wv:bob')).toEqual(parseUserId('wv:bob', home))
    })

    it('is understood nowhere else: in no other domain, unless domains are given, and for nothing but users', () => {
      expect(user('sip:bob@elsewhere.org')).toBeUndefined()
      expect(user('mailto:bob@sub.imps.com')).toBeUndefined()
      expect(parseUserId('sip:bob@imps.com', home)).toBeUndefined()
      for (const text of ['sip:bob/friends@imps.com', 'mailto:/chess@imps.com', 'sip:bob@imps.com'])
        for (const parseOther of [parseAddress, parseContactListId, parseGroupId])
          expect(parseOther(text, home)).toBeUndefined()
    })

    it.each([
      ['a resource', ['bob/friends@imps.com', '/chess@imps.com', 'bob%2ffriends@imps.com', '//bob@imps.com']],
      ['a password', ['bob:secret@imps.com', 'bob:@imps.com', 'bob%3Asecret@imps.com']],
      ['a port', ['bob@imps.com:5060', 'bob@imps.com:']],
      ['parameters', ['bob@imps.com;transport=tcp', 'bob;phone=1@imps.com', 'bob@imps.com;', 'bob&x=y@imps.com']],
      ['headers', ['bob@imps.com?subject=x', 'bob?to=x@imps.com', 'bob%3fx@imps.com', '?to=bob@imps.com']],
      ['several addresses', ['bob,carol@imps.com', 'bob@imps.com,carol@imps.com', 'bob@imps.com@imps.com']],
      ['two schemes', ['wv:bob@imps.com', 'sip:bob@imps.com', 'mailto:bob@imps.com', 'wv%3Abob@imps.com']],
      ['no user', ['@imps.com', 'imps.com', '', '%@imps.com', '+@imps.com', '%2B@imps.com']],
      ['no domain', ['bob', 'bob@', '+358401234567', 'bob%40imps.com', 'bob@.', 'bob@[::1]', 'bob@imps%2ecom']],
      ['broken escapes', ['bob%@imps.com', 'bob%4@imps.com', 'bob%zz@imps.com', 'bob%C0%AF@imps.com']],
      ['control characters', ['bob\r\n@imps.com', 'bob%0d%0aBcc%3Ax@imps.com', 'bob%00@imps.com', 'b\0ob@imps.com']],
      ['what nobody sees', ['bob%E2%80%8B@imps.com', 'bob%E2%80%AE@imps.com', ' bob@imps.com', 'bob @imps.com']],
      ['display forms', ['<bob@imps.com>', '"bob"@imps.com', 'Bob <bob@imps.com>', '%22bob%22@imps.com']],
      ['wildcards', ['*@imps.com', 'b?b@imps.com', 'bob@*', 'b%2ab@imps.com']],
      ['a foreign address within', ['bob%40elsewhere.org@imps.com', 'bob@elsewhere.org%40imps.com']],
      ['what is too long', [`${'a'.repeat(maxAddressLength)}@imps.com`, 'a'.repeat(100_000)]],
    ])('does not come with %s', (_, rests) => {
      for (const rest of rests)
        for (const scheme of ['sip:', 'mailto:', 'SIP:']) expect(user(scheme + rest), scheme + rest).toBeUndefined()
    })

    it('is none of any other scheme', () => {
      for (const scheme of ['sips', 'tel', 'im', 'xmpp', 'sip2', 'mail', 'x-sip', 'imps', 'sip.mailto'])
        expect(user(`${scheme}:bob@imps.com`), scheme).toBeUndefined()
    })
  })

  it('refuses what 5.3.3 forbids in a user part, escaped or not', () => {
    expect(fault('wv:john%40aol.com@server.com')).toBe('character')
    for (const written of ['%40', '%2F', '%2f', '%3A', '%22', '%09', ':', '"', '\t', ' ']) {
      expect(fault(`wv:jo${written}hn@server.com`)).toBe('character')
      expect(fault(`wv:jo${written}hn/list@server.com`)).toBe('character')
    }
    for (const written of ['%40', '%2F', '%3A', '%22', '%20', ':', '"']) {
      expect(parse(`wv:john/li${written}st`).kind).toBe('private')
    }
  })

  it('decodes once: a doubly escaped character is none of the forbidden ones', () => {
    expect(parse('wv:john%2540aol.com').user).toBe('john%40aol.com')
    expect(key('wv:john%2540aol.com')).toBe('wv:john%2540aol.com@imps.com')
  })

  it('refuses wildcards, controls and invisible characters anywhere', () => {
    for (const part of ['*', '?', '%2a', '%3F', '%00', '%0A', '\n', '\0', '%7F', '%E2%80%8B', '%E2%80%AE', '%C2%85']) {
      expect(fault(`wv:a${part}b`)).toBe('character')
      expect(fault(`wv:a/b${part}c`)).toBe('character')
      expect(fault(`wv:/${part}`)).toBe('character')
      expect(fault(`wv:a@${part}`)).toBe('domain')
    }
  })

  it('refuses bare characters outside ASCII, which no URI has', () => {
    for (const text of ['wv:j\u00fcrgen', 'wv:\u65e5', 'wv:/\u{1f600}', 'wv:\u212aate', '\uff57v:a']) {
      expect(fault(text)).toBe('character')
    }
    expect(fault('wv:a@\u00e4.com')).toBe('domain')
  })

  it('refuses broken escapes', () => {
    for (const part of ['%', '%2', '%zz', '%4', '%u0041', '%E9', '%C3', '%C0%AF', '%ED%A0%80', '%FF']) {
      expect(fault(`wv:a${part}`)).toBe('escape')
      expect(fault(`wv:/${part}@imps.com`)).toBe('escape')
    }
  })

  it('wants a user or a resource, and at most one slash and one at sign', () => {
    for (const text of ['', 'wv:', 'WV:', 'wv:@imps.com', '@imps.com']) expect(fault(text)).toBe('user')
    for (const text of ['/', 'wv:/', 'wv:alice/', 'wv:alice/@imps.com']) expect(fault(text)).toBe('resource')
    for (const text of ['wv:a/b/c', 'wv://a']) expect(fault(text)).toBe('character')
    for (const text of ['wv:a@b@c', 'wv:a@', '@', 'wv:@', 'wv:a@b/c', 'wv:a@b%2Ec']) expect(fault(text)).toBe('domain')
  })

  it('holds a user part that begins like a telephone number to be one (5.3.4)', () => {
    for (const text of ['+', '+a', '1a', '++1', '1+', '+1-2', '%2B', '%31a', '+/list', '7up/list']) {
      expect(fault(`wv:${text}`)).toBe('user')
    }
    expect(key('wv:%2B358%34')).toBe('wv:+3584@imps.com')
    expect(key('wv:+3584/%2B1')).toBe('wv:+3584/%2b1@imps.com')
    expect(key('wv:/2nd+floor')).toBe('wv:/2nd%2bfloor@imps.com')
    expect(key('wv:+4')).not.toBe(key('wv:4'))
  })

  it('measures the qualified address, an escape as one character (5.3.3)', () => {
    const room = maxAddressLength - 'wv:@imps.com'.length
    for (const unit of ['a', '%61', '%24', '$']) {
      for (const tail of ['', '@imps.com']) {
        expect(parse(`wv:${unit.repeat(room)}${tail}`).isLocal).toBe(tail === '')
        expect(parse(`${unit.repeat(room)}${tail}`).kind).toBe('user')
        expect(fault(`wv:${unit.repeat(room + 1)}${tail}`)).toBe('length')
      }
    }
    // Lower case of U+0130 takes three octets in place of two; the key has to stay an address.
    expect(fault(`wv:a${'%C4%B0'.repeat((room - 1) / 2)}`)).toBe('length')
  })

  it('refuses oversized texts unread', () => {
    for (const filler of ['a', '%', '/', ':', '@', 'a.', '%41', '\u00e9']) {
      expect(fault(filler.repeat(1_000_000))).toBe('length')
    }
  })
})

describe('comparison', () => {
  it('makes one key of all spellings', () => {
    const spellings = ['wv:$mith', 'wv:%24mith', 'WV:%24MITH@IMPS.COM', '$mITh@imps.com', 'wv:$%6D%49th', '$Mith']
    expect(new Set(spellings.map(key))).toEqual(new Set(['wv:%24mith@imps.com']))
    expect(key('wv:%C3%89mile')).toBe(key('wv:e%CC%81mile'))
    expect(key('wv:john/a%2Fb')).toBe(key('wv:JOHN/A%2fB@imps.com'))
  })

  it('keeps apart what is not the same', () => {
    const different = ['a', 'b', 'a/b', '/a', '/a%2Fb', '/a%40b', 'a/b%40imps.com', 'a%2540', 'a@x.com', 'a@xcom', 'a.']
    expect(new Set(different.map(key)).size).toBe(different.length)
  })
})

describe('isDomain', () => {
  it('knows labels of letters, digits and inner hyphens', () => {
    const long = 'a'.repeat(63)
    for (const text of [
      'localhost',
      'NOK.S60',
      'a-b.c',
      '127.0.0.1',
      'x',
      `${long}.${long}`,
      'xn--bcher-kva.example',
    ]) {
      expect(isDomain(text)).toBe(true)
    }
    for (const text of ['', '.', 'a.', '.a', 'a..b', '-a', 'a-', 'a.-b', 'a-.b', 'a_b', 'a b', 'a\u00e4', `${long}a`]) {
      expect(isDomain(text)).toBe(false)
    }
  })
})

describe('parseUserId, parseContactListId, parseGroupId', () => {
  it('insist on the kind', () => {
    expect(parseUserId('wv:alice', home)?.key).toBe('wv:alice@imps.com')
    for (const text of ['wv:alice/friends', 'wv:/managers', 'wv:']) expect(parseUserId(text, home)).toBeUndefined()
    for (const parseResource of [parseContactListId, parseGroupId]) {
      expect(parseResource('wv:alice/friends', home)?.kind).toBe('private')
      expect(parseResource('wv:/managers', home)?.kind).toBe('public')
      for (const text of ['wv:alice', 'wv:/']) expect(parseResource(text, home)).toBeUndefined()
    }
  })
})

describe('format', () => {
  it('answers in the form that was asked, in the spelling that was written', () => {
    const address = parse('Wv:%24Mith/L@IMPS.com')
    expect(format(address, 'qualified', home)).toBe('wv:%24Mith/L@IMPS.com')
    expect(format(address, 'local', home)).toBe('wv:%24Mith/L')
    expect(format(address, 'local', 'Imps.Com')).toBe('wv:%24Mith/L')
    expect(format(parse('alice'), 'qualified', home)).toBe('wv:alice@imps.com')
  })

  it('never makes a stranger local', () => {
    expect(format(parse('wv:alice@other.net'), 'local', home)).toBe('wv:alice@other.net')
  })
})

describe('ownerKey', () => {
  it('is the user a private resource belongs to', () => {
    expect(ownerKey(parse('wv:Alice/Fri%40ends'))).toBe(key('wv:alice'))
    expect(ownerKey(parse('wv:%24m/x@other.net'))).toBe(key('wv:%24m@other.net'))
    expect(ownerKey(parse('wv:alice'))).toBe(key('wv:alice'))
    expect(ownerKey(parse('wv:/managers'))).toBeUndefined()
  })
})

describe('clientKey', () => {
  it('compares URLs without case and telephone numbers without punctuation', () => {
    expect(clientKey({ url: 'http://Phone/1' })).toBe(clientKey({ url: 'HTTP://phone/1', msisdn: undefined }))
    expect(clientKey({ msisdn: '+358 (40) 123-45.67' })).toBe(clientKey({ msisdn: '+358401234567' }))
    expect(clientKey({ msisdn: '123' })).not.toBe(clientKey({ url: '123' }))
    expect(clientKey({ msisdn: '123' })).not.toBe(clientKey({ msisdn: '+123' }))
    expect(clientKey({ url: 'a', msisdn: '1' })).toBe(clientKey({ url: 'a' }))
    expect(clientKey({})).toBe('')
    expect(clientKey({ url: '', msisdn: '' })).toBe('')
  })
})

describe('clientIdOf', () => {
  it('is a Client-ID of that key', () => {
    expect(clientIdOf(clientKey({ url: 'HTTP://Phone:80/1' }))).toEqual({ url: 'http://phone:80/1' })
    expect(clientIdOf(clientKey({ msisdn: '+358 40' }))).toEqual({ msisdn: '+35840' })
  })
})

describe('screenNameKey', () => {
  it('compares names without case, within their group', () => {
    const of = (name: string, groupId: string) => screenNameKey({ name, groupId }, home)
    expect(of('Juliet', 'wv:/verona')).toBe(of('JULIET', 'WV:/Verona@imps.com'))
    expect(of('Juliet', 'wv:/verona')).not.toBe(of('Romeo', 'wv:/verona'))
    expect(of('Juliet', 'wv:/verona')).not.toBe(of('Juliet', 'wv:/mantua'))
    expect(of('Juliet', 'wv:juliet')).toBeUndefined()
  })
})
