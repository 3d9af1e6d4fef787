import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { heard, subscribed, withServices } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

type Change = BodyInput<'BlockEntityRequest'>

const bob = { userIds: ['wv:Bob'] }
const carol = { userIds: ['wv:carol@example.com'] }
const change = (phone: Phone, body: Change) => phone.code({ name: 'BlockEntityRequest', body })
const of = (notificationType: string, more = {}) => ({ notificationType, ...more })

describe.each(['xml', 'wbxml'] as const)('CSP 9.3.1.1: the other clients of the user are notified, in %s', syntax => {
  it.each<[string, Change, object[]]>([
    ['somebody is blocked', { blockList: { addList: carol } }, [of('BLC')]],
    ['somebody is blocked no more', { blockList: { removeList: bob } }, [of('BLC')]],
    ['one is in place of another', { blockList: { removeList: bob, addList: carol } }, [of('BLC')]],
    ['somebody is granted', { grantList: { addList: carol } }, [of('GLC')]],
    ['somebody is granted no more', { grantList: { removeList: bob } }, [of('GLC')]],
    ['the block list is off', { blockListInUse: false }, [of('BLUC', { blockListInUse: false })]],
    ['the grant list is on', { grantListInUse: true }, [of('GLUC', { grantListInUse: true })]],
    [
      'all of this is done at once',
      { blockList: { addList: carol }, blockListInUse: false, grantList: { addList: carol }, grantListInUse: true },
      [of('BLC'), of('BLUC', { blockListInUse: false }), of('GLC'), of('GLUC', { grantListInUse: true })],
    ],
    ['who is there is added', { blockList: { addList: bob }, grantList: { addList: bob } }, []],
    ['who is not there is removed', { blockList: { removeList: carol } }, []],
    ['who is there is removed and added', { blockList: { removeList: bob, addList: bob } }, []],
    ['the lists are as much in use as before', { blockListInUse: true, grantListInUse: false }, []],
    ['something of it is refused', { blockList: { addList: { userIds: ['wv:carol', 'wv:nobody'] } } }, []],
  ])('where %s', async (_, body, told) => {
    const village = await openVillage()
    const doer = await withServices(village, 'alice', 'doer')
    await change(doer, { blockList: { addList: bob }, grantList: { addList: bob } })
    const ears = await subscribed(village, 'alice', undefined, { syntax })
    await change(doer, body)
    expect(await heard(ears)).toEqual(told)
  })
})
