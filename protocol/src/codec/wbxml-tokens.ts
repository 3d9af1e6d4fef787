/** Global tokens of WBXML. */
export const token = {
  SWITCH_PAGE: 0x00,
  END: 0x01,
  ENTITY: 0x02,
  STR_I: 0x03,
  LITERAL: 0x04,
  PI: 0x43,
  EXT_T_0: 0x80,
  STR_T: 0x83,
  OPAQUE: 0xc3,
  HAS_CONTENT: 0x40,
  HAS_ATTRIBUTES: 0x80,
  UTF_8: 106,
} as const

/** mb_u_int32: seven bits an octet, most significant first, 0x80 on all but the last. */
export const multiByte = (value: number): number[] => {
  const bytes = [value & 127]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 127))
  return bytes
}
