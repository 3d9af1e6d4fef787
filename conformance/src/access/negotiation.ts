import { messageTo } from '../messaging/send.ts'
import { usualCapabilities } from '../phone.ts'
import { textOfReply } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'

const functions = { fundamentalFeat: {}, imFeat: {} } as const

/** Service and capability negotiation (CSP 6.9). */
export const negotiation: readonly Scenario[] = [
  scenario('SAP-S-013', '6.9.1', 'Who asks for all services is told what there is', async ({ phone, expect }) => {
    const romeo = phone()
    await romeo.login()
    const answer = await romeo.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: true } })
    expect(answer.as('ServiceResponse').allFunctions, 'AllFunctions').isPresent()
  }),

  scenario('SAP-S-013', '6.9.1', 'Who asks only for the list may leave the wishes out', async ({ phone, expect }) => {
    const romeo = phone()
    await romeo.login()
    const answer = await romeo.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
    expect(answer.as('ServiceResponse').allFunctions, 'AllFunctions').isPresent()
  }),

  scenario('SAP-S-013', '6.9.1', 'What was not agreed cannot be used', async ({ phone, unique, expect }) => {
    const romeo = phone()
    await romeo.login()
    const answer = await romeo.ask(messageTo([romeo.account.userId], romeo, unique('Too early')))
    expect(answer.code, 'the answer to a message before the negotiation').is(506)
  }),

  scenario(
    'SAP-S-015',
    '9.1.1.2',
    'Who has not said what it can do is told so where that is needed: 510',
    async ({ phone, unique, expect, skip }) => {
      const romeo = phone()
      const { capabilityRequest } = (await romeo.login()).as('LoginResponse')
      if (capabilityRequest === false) skip('the server does not ask clients what they can do')
      await romeo.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
      const send = async () => (await romeo.ask(messageTo([romeo.account.userId], romeo, unique('Unsaid')))).code
      const code = await send()
      if (code === 200) skip('the server takes messages from clients that have not said what they can do')
      expect(code, 'the answer to a message').is(510)
      await romeo.negotiate()
      expect(await send(), 'the answer after the negotiation').is(200)
      await romeo.fetchAll()
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-013',
    '6.9.1',
    'What was asked for and not refused can be used',
    async ({ phone, unique, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask(messageTo([romeo.account.userId], romeo, unique('In time')))
      expect(answer.code, 'the answer to a message').is(200)
      await romeo.fetchAll()
    },
  ),

  scenario('SAP-S-013', '6.9.1', 'Services can be negotiated again, and then the last word counts', async stage => {
    const romeo = await stage.phone().online()
    const less = { fundamentalFeat: {} }
    await romeo.ask({ name: 'ServiceRequest', body: { functions: less, allFunctionsRequest: false } })
    const message = () => romeo.ask(messageTo([romeo.account.userId], romeo, stage.unique('Now and then')))
    stage.expect((await message()).code, 'the answer without messaging').is(506)
    await romeo.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    stage.expect((await message()).code, 'the answer with messaging').is(200)
    await romeo.fetchAll()
  }),

  scenario(
    'SAP-S-015',
    '6.9.1',
    'A client that says what it can do is told what was agreed',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const body = { capabilityList: usualCapabilities }
      const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body })
      const { agreedCapabilityList } = answer.as('ClientCapabilityResponse')
      expect(agreedCapabilityList.supportedBearers, 'the bearers both sides have').is(['HTTP'])
    },
  ),

  scenario('SAP-S-015', '6.9.1', 'The server raises no limit of the client', async ({ phone, expect }) => {
    const romeo = phone()
    await romeo.login()
    const body = { capabilityList: { ...usualCapabilities, multiTrans: 2, multiTransPerMessage: 2 } }
    const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body })
    const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
    expect(agreed.multiTrans ?? 2, 'MultiTrans').isBetween(1, 2)
    expect(agreed.multiTransPerMessage ?? 2, 'MultiTransPerMessage').isBetween(1, 2)
    expect(agreed.parserSize ?? 65_536, 'ParserSize').isBetween(1, 65_536)
  }),

  scenario(
    'SAP-S-013',
    '6.9.1',
    'A negotiation that agrees on nothing leaves what was agreed',
    async ({ phone, unique, expect }) => {
      const romeo = await phone().online()
      await romeo.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
      const answer = await romeo.ask(messageTo([romeo.account.userId], romeo, unique('Still')))
      expect(answer.code, 'the answer to a message afterwards').is(200)
      await romeo.fetchAll()
    },
  ),

  scenario(
    'SAP-S-015',
    '6.9.1',
    'A client of 1.3 is not told again what was accepted as it asked for',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const modest = { anyContent: false, acceptedTextContentLength: 100, acceptedPullLength: 200 } as const
      const more = { acceptedPushLength: 200, multiTrans: 1, multiTransPerMessage: 1, clientType: 'PDA' } as const
      const capabilityList = { ...usualCapabilities, ...modest, ...more }
      const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
      const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
      expect(agreed.multiTrans, 'MultiTrans').isAbsent()
      expect(agreed.multiTransPerMessage, 'MultiTransPerMessage').isAbsent()
      expect(agreed.acceptedTextContentLength ?? 0, 'AcceptedTextContentLength').isBetween(0, 99)
      expect(agreed.anyContent, 'AnyContent').isAbsent()
      expect(agreed.acceptedContentTypes, 'the content types').is([])
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-015',
    '6.9.1',
    'DETECT is answered with the setting of the user',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const capabilityList = { ...usualCapabilities, onlineEtemHandling: 'DETECT' } as const
      const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
      const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
      expect(agreed.onlineEtemHandling, 'OnlineETEMHandling').isOneOf(['SERVERLOGIC', 'FORKALL'])
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-015',
    '6.9.1',
    'Without a transfer encoding both sides know there is no rich content in XML',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const wish = { anyContent: true, acceptedTransferEncodings: ['x-nobody-knows-this'] }
      const capabilityList = { ...usualCapabilities, ...wish }
      const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
      const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
      expect(agreed.anyContent, 'AnyContent').is(false)
      expect(agreed.acceptedContentTypes, 'the content types').is([])
    },
    { since: '1.3', syntax: 'xml' },
  ),

  scenario('SAP-S-015', '6.9.1', 'Only ways to wake the client that it knows are agreed', async ({ phone, expect }) => {
    const romeo = phone()
    await romeo.login()
    const body = { capabilityList: { ...usualCapabilities, supportedCirMethods: ['STCP'] } }
    const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body })
    const { agreedCapabilityList: agreed } = answer.as('ClientCapabilityResponse')
    const others = agreed.supportedCirMethods.filter(method => method !== 'STCP')
    expect(others, 'the methods the client did not name').is([])
    if (agreed.supportedCirMethods.length > 0) expect(agreed.tcpAddress, 'the TCP address').isPresent()
  }),

  scenario('SAP-S-015', '6.9.1', 'Capabilities can be negotiated again', async ({ phone, expect }) => {
    const romeo = await phone().online()
    const body = { capabilityList: usualCapabilities }
    const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body })
    answer.as('ClientCapabilityResponse')
    expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer afterwards').is(200)
  }),

  scenario(
    'SAP-S-015',
    '6.9.1 as AOSP clients need it',
    'The capability list is the first child of the answer to a client that sent no Client-ID',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const body = { capabilityList: usualCapabilities }
      const answer = await romeo.ask({ name: 'ClientCapabilityRequest', body })
      expect(textOfReply(answer.reply), 'the answer').matches(
        /<ClientCapability-Response[^>]*>\s*<(AgreedCapabilityList|CapabilityList)\b/,
      )
    },
    { syntax: 'xml' },
  ),
]
