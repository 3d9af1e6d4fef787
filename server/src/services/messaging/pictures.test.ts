import { beforeAll, describe, expect, it } from 'vitest'
import { loadScaler } from '../../pictures/scaler.ts'
import { allMessaging, expectPrimitive, type Phone, type PhoneOptions } from '../../testing/phone.ts'
import { photo, readPicture } from '../../testing/photo.ts'
import { openVillage } from '../../testing/village.ts'
import { addressed, draft } from './mail.ts'
import { Pictures } from './pictures.ts'

const scalePicture = await loadScaler()
const most = 20_480

type Capabilities = NonNullable<PhoneOptions['capabilities']>
const accepting = (contentType: string, more: Partial<Capabilities> = {}, limit = most): Capabilities => ({
  acceptedContentTypes: [{ contentType, acceptedRichContentLength: limit }],
  acceptedTransferEncodings: ['BASE64'],
  acceptedPushLength: most,
  acceptedPullLength: most,
  ...more,
})

const phoneOf = (capabilities: Capabilities, more: PhoneOptions = {}): PhoneOptions => ({
  version: '1.3',
  services: allMessaging,
  capabilities,
  ...more,
})

const withPolicyR: Partial<Capabilities> = {
  acceptedContentTypes: [
    { contentType: 'image/jpeg', acceptedRichContentLength: 9000, contentPolicy: 'R', contentPolicyLimit: 10_000 },
  ],
}

/** Alice has a browser, or something like it. */
const open = async (bobs: PhoneOptions, isOff = false) => {
  const village = await openVillage({ scalePicture: isOff ? undefined : scalePicture })
  const alice = await village.ready('alice', { version: '1.3', services: allMessaging })
  return { village, alice, bob: await village.ready('bob', bobs) }
}

const sendPicture = async (phone: Phone, picture: Uint8Array, type = 'jpeg', report = false, to = 'bob') => {
  const { name, body } = phone.message(to, '', { report }) as Extract<
    ReturnType<Phone['message']>,
    { name: 'SendMessageRequest' }
  >
  const contentData = Buffer.from(picture).toString('base64')
  const content = { contentType: `image/${type}`, contentEncoding: 'BASE64', contentName: `holiday.${type}` }
  const messageInfo = { ...body.messageInfo, ...content, contentSize: contentData.length }
  const { primitive } = await phone.ask({ name, body: { ...body, messageInfo, contentData } })
  return primitive
}

const idOf = (primitive: Awaited<ReturnType<typeof sendPicture>>) =>
  expectPrimitive(primitive, 'SendMessageResponse').messageId!

const get = async (phone: Phone, messageId: string) =>
  (await phone.ask({ name: 'GetMessageRequest', body: { messageId } })).primitive

describe.skipIf(scalePicture === undefined)('CSP 5.6.2: pictures for phones (needs the optional package sharp)', () => {
  let large: Uint8Array
  beforeAll(async () => {
    large = await photo('jpeg', 640, 480)
  })

  it.each(['xml', 'wbxml'] as const)('are pushed in %s as long as the phone can have them', async syntax => {
    const { village, alice, bob } = await open(phoneOf(accepting('image/jpeg'), { syntax }))
    await sendPicture(alice, large, 'jpeg', true)
    const stored = await village.store.mailboxes.waiting('wv:bob@example.com', 0, 1, 0)
    const [{ messageInfo, contentData } = {}, ...more] = await bob.collect()
    expect([more, messageInfo?.contentType, messageInfo?.contentSize]).toEqual([[], 'image/jpeg', contentData!.length])
    expect(messageInfo?.contentEncoding).toBe(syntax === 'xml' ? 'BASE64' : undefined)
    expect(contentData!.length).toBeLessThanOrEqual(most)
    const picture = await readPicture(contentData)
    expect(picture.format).toBe('jpeg')
    expect(picture.width).toBeGreaterThan(150)
    // What is stored, and what the sender is told about, is what was sent.
    expect(Buffer.from(Buffer.from(stored[0]!.content!).toString(), 'base64')).toEqual(Buffer.from(large))
    const report = (await alice.poll()).message?.transactions[0]?.primitive
    expect(expectPrimitive(report, 'DeliveryReportRequest').messageInfo.contentName).toBe('holiday.jpeg')
    expect(await village.store.mailboxes.count('wv:bob@example.com', 'message')).toBe(0)
  })

  it.each(['xml', 'wbxml'] as const)('are announced in %s as what is fetched then', async syntax => {
    const options = phoneOf(accepting('image/jpeg', { initialDeliveryMethod: 'N' }), { syntax })
    const { alice, bob } = await open(options)
    await sendPicture(alice, large)
    const told = (await bob.poll()).message?.transactions[0]?.primitive
    const { messageInfo } = expectPrimitive(told, 'MessageNotification')
    const fetched = expectPrimitive(await get(bob, messageInfo.messageId!), 'GetMessageResponse')
    expect(fetched.messageInfo).toEqual(messageInfo)
    expect(fetched.contentData!.length).toBe(messageInfo.contentSize)
    expect(messageInfo.contentSize).toBeLessThanOrEqual(most)
    expect((await readPicture(fetched.contentData)).format).toBe('jpeg')
  })

  it('are of a type that the phone shows, and named so', async () => {
    const { alice, bob } = await open(phoneOf(accepting('image/gif')))
    await sendPicture(alice, await photo('webp', 64, 64), 'webp')
    const [{ messageInfo, contentData } = {}] = await bob.collect()
    expect([messageInfo?.contentType, messageInfo?.contentName]).toEqual(['image/gif', 'holiday.gif'])
    expect((await readPicture(contentData)).format).toBe('gif')
  })

  it('leave room for the rest of the message in a parser', async () => {
    const capabilities = { acceptedContentTypes: [], anyContent: true, parserSize: 8000 }
    const bobs = { version: '1.3', syntax: 'wbxml', capabilities } as const
    const { alice, bob } = await open(bobs)
    await sendPicture(alice, large)
    const { outbound, message } = await bob.poll()
    expect(message?.transactions[0]?.primitive?.name).toBe('NewMessage')
    expect(outbound.body.length).toBeLessThanOrEqual(8000)
  })

  it('are not touched where they fit, or for a client that can have them', async () => {
    const { village, alice, bob } = await open(phoneOf(accepting('image/jpeg'), { syntax: 'wbxml' }))
    const small = await photo('jpeg', 64, 64)
    await sendPicture(alice, small)
    expect((await bob.collect())[0]!.contentData).toEqual(small)
    const desk = await village.ready('bob', {
      clientId: 'desk',
      syntax: 'wbxml',
      capabilities: { parserSize: 500_000 },
    })
    await bob.ask({ name: 'ServiceRequest', body: { functions: allMessaging, allFunctionsRequest: false } })
    await sendPicture(alice, large)
    expect(await bob.collect()).toEqual([])
    expect((await desk.collect())[0]!.contentData).toEqual(large)
  })

  it('that are none wait for others, do not hold up what comes after them, and cannot be fetched', async () => {
    const { village, alice, bob } = await open(phoneOf(accepting('image/jpeg'), { syntax: 'wbxml' }))
    const garbage = new Uint8Array(50_000).fill(0xd8)
    const messageId = idOf(await sendPicture(alice, garbage))
    await alice.send('bob', 'did you see it?')
    expect(await bob.texts()).toEqual(['did you see it?'])
    expect(await get(bob, messageId)).toMatchObject({ body: { result: { code: 546 } } })
    const desk = await village.ready('bob', {
      clientId: 'desk',
      syntax: 'wbxml',
      capabilities: { parserSize: 500_000 },
    })
    expect((await desk.texts())[0]).toEqual(garbage)
  })

  it('wait where the phone shows none, or the server makes none', async () => {
    for (const { alice, bob } of [
      await open(phoneOf(accepting('audio/midi'))),
      await open(phoneOf(accepting('image/jpeg', {}, 1000))),
      await open(phoneOf(accepting('image/jpeg')), true),
    ]) {
      const messageId = idOf(await sendPicture(alice, large))
      expect(await bob.collect()).toEqual([])
      expect(await get(bob, messageId)).toMatchObject({ body: { result: { code: 546 } } })
    }
  })

  it('keep to a policy of rejection; that which cannot is rejected', async () => {
    const { alice, bob } = await open(phoneOf(accepting('', withPolicyR), { syntax: 'wbxml' }))
    await sendPicture(alice, large)
    expect((await bob.collect())[0]!.contentData!.length).toBeLessThanOrEqual(10_000)
    await sendPicture(alice, new Uint8Array(50_000).fill(0xd8), 'jpeg', true)
    expect(await bob.collect()).toEqual([])
    const report = (await alice.poll()).message?.transactions[0]?.primitive
    expect(expectPrimitive(report, 'DeliveryReportRequest').result.code).toBe(540)
    const without = await open(phoneOf(accepting('', withPolicyR)), true)
    expect(await sendPicture(without.alice, large)).toMatchObject({ body: { result: { code: 540 } } })
  })
})

describe('making pictures', () => {
  const target = { type: 'image/jpeg', octets: 3000 } as const
  const info = { contentType: 'image/png', recipient: {}, sender: {} }
  const item = (messageId: string) => ({
    ...addressed(draft(info, new Uint8Array([1, 2, 3])), messageId, {}),
    messageId,
  })

  it('goes on one at a time, is not done twice, and does not keep any number waiting', async () => {
    const started: (() => void)[] = []
    const pictures = new Pictures(
      () => new Promise(done => started.push(() => done(new Uint8Array([started.length, 9])))),
    )
    const made = Array.from({ length: 16 }, (_, index) => pictures.made(item(`m${index}`), target))
    const again = pictures.made(item('m0'), target)
    expect(await pictures.made(item('m16'), target)).toBe('busy')
    expect(started).toHaveLength(1)
    started[0]!()
    const content = new Uint8Array([1, 9])
    expect([await made[0], await again]).toMatchObject([{ content }, { content }])
    expect(started).toHaveLength(2)
    expect(await Promise.race([pictures.made(item('m17'), target), 'waiting'])).toBe('waiting')
  })

  it('is put off where too many wait for it: a poll brings nothing yet, and GetMessage 503', async () => {
    let open = () => {}
    const gate = new Promise<void>(resolve => (open = resolve))
    const small = new Uint8Array([1, 2, 3])
    const users = Array.from({ length: 17 }, (_, index) => `user${index}`)
    const village = await openVillage({ users: ['alice', ...users], scalePicture: () => gate.then(() => small) })
    const alice = await village.ready('alice', { version: '1.3' })
    const phones = await Promise.all(
      users.map(user => village.ready(user, phoneOf(accepting('image/jpeg'), { syntax: 'wbxml' }))),
    )
    let messageId = ''
    for (const user of users) messageId = idOf(await sendPicture(alice, new Uint8Array(30_000), 'jpeg', false, user))
    const last = phones.pop()!
    const polls = phones.map(phone => phone.poll())
    expect((await last.poll()).message).toBeUndefined()
    expect(await get(last, messageId)).toMatchObject({ body: { result: { code: 503 } } })
    open()
    for (const poll of polls) expect((await poll).message?.transactions[0]?.primitive?.name).toBe('NewMessage')
    expect(await last.texts()).toEqual([small])
  })
})
