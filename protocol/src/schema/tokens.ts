import type { Version } from './kit.ts'

/** Where a value token counts: it depends on the code page of the tag around it. */
export type Scope = 'common' | 'access' | 'presence'

export interface ValueToken {
  readonly value: string
  readonly token: number
  readonly scope: Scope
  readonly since: Version
  readonly until: Version
}

/** Words that follow each other in the number space, from this token on. */
const run = (first: number, scope: Scope, since: Version, words: string, until: Version = '1.3'): ValueToken[] =>
  words.split(/\s+/).map((value, i) => ({ value, token: first + i, scope, since, until }))

/**
 * The values of WBXML. The scopes share one number space, in which two numbers are taken twice: 0x3d is GROUP_ID
 * inside access tags and History elsewhere, 0x68 was IM inside presence tags of 1.1 and is AP in 1.3. SMS has a number
 * for access and one for presence.
 */
export const valueTokens: readonly ValueToken[] = [
  ...run(
    0x00,
    'common',
    '1.1',
    `AccessType ActiveUsers Admin application/ application/vnd.wap.mms-message
    application/x-sms AutoJoin BASE64 Closed Default DisplayName F G GR http:// https://
    image/ Inband IM MaxActiveUsers Mod Name None N Open Outband PR Private PrivateMessaging
    PrivilegeLevel Public P Request Response Restricted ScreenName Searchable S SC text/
    text/plain text/x-vCalendar text/x-vCard Topic T Type U US www.wireless-village.org`,
  ),
  ...run(0x31, 'common', '1.2', 'AutoDelete GM Validity DENIED GRANTED PENDING ShowID'),
  ...run(0x38, 'common', '1.3', 'RequireInvitation Tiny PPU SPA ANC'),
  ...run(0x3d, 'access', '1.1', 'GROUP_ID'),
  ...run(0x3d, 'common', '1.3', 'History'),
  ...run(
    0x3e,
    'access',
    '1.1',
    `GROUP_NAME GROUP_TOPIC GROUP_USER_ID_JOINED GROUP_USER_ID_OWNER HTTP SMS STCP SUDP
    USER_ALIAS USER_EMAIL_ADDRESS USER_FIRST_NAME USER_ID USER_LAST_NAME USER_MOBILE_NUMBER
    USER_ONLINE_STATUS WAPSMS WAPUDP WSP`,
  ),
  ...run(0x50, 'access', '1.2', 'GROUP_USER_ID_AUTOJOIN'),
  ...run(0x51, 'common', '1.3', 'AND AC BLC BLUC CLCR CLD GC GD GLC ANU'),
  ...run(0x5b, 'presence', '1.1', 'ANGRY ANXIOUS ASHAMED'),
  ...run(0x5e, 'presence', '1.1', 'AUDIO_CALL', '1.2'),
  ...run(0x5f, 'presence', '1.1', 'AVAILABLE BORED CALL CLI COMPUTER DISCREET EMAIL EXCITED HAPPY'),
  ...run(0x68, 'common', '1.3', 'AP'),
  ...run(0x68, 'presence', '1.1', 'IM', '1.1'),
  ...run(0x69, 'presence', '1.1', 'IM_OFFLINE IM_ONLINE', '1.2'),
  ...run(0x6b, 'presence', '1.1', 'IN_LOVE INVINCIBLE JEALOUS MMS MOBILE_PHONE NOT_AVAILABLE OTHER PDA SAD SLEEPY SMS'),
  ...run(0x76, 'presence', '1.1', 'VIDEO_CALL VIDEO_STREAM', '1.2'),
  ...run(
    0x78,
    'common',
    '1.3',
    `www.openmobilealliance.org Small Medium Big Huge Bold Italic Underline Black Silver Gray
    White Maroon Red Purple Fuchsia Green Lime Olive Yellow Navy Blue Teal Aqua ATCL CLC`,
  ),
  ...run(
    0x93,
    'access',
    '1.3',
    `USER_CITY USER_COUNTRY USER_FRIENDLY_NAME USER_GENDER USER_INTENTION
    USER_INTERESTS_HOBBIES USER_MARITAL_STATUS PRIORITYREJECT PRIORITYSTORE REJECT
    SENDREJECT SENDSTORE`,
  ),
  ...run(0x9f, 'common', '1.3', 'IR EC GLUC IA IC'),
  ...run(0xa4, 'access', '1.2', 'SSMS SHTTP'),
  ...run(0xa6, 'common', '1.3', 'DoNotNotify GMAU GMG GMR GMU DETECT FORKALL OEU SERVERLOGIC'),
  ...run(
    0xaf,
    'access',
    '1.3',
    `PP_AGE PP_CITY PP_COUNTRY PP_FRIENDLY_NAME PP_FREE_TEXT PP_GENDER PP_INTENTION
    PP_INTERESTS PP_MARITAL_STATUS USER_AGE_MAX USER_AGE_MIN`,
  ),
  ...run(0xba, 'common', '1.3', 'EG MinimumAge C CURRENT_SUBSCRIBER FORMER_SUBSCRIBER PRESENCE_ACCESS R'),
]

/** Which values besides the common ones a tag on this code page may have. */
export const scopeOf = (page: number): Scope => {
  if (page === 0x01 || page === 0x03 || page === 0x0a) return 'access'
  return page === 0x00 || page === 0x04 || page === 0x05 ? 'presence' : 'common'
}
