import { leaf } from './kit.ts'

/**
 * The session layer (CSP 5.1, 5.4). These elements mean the same in every version and are read by hand in
 * codec/envelope.ts, because they tell which version the rest is written in.
 */
export const Message = leaf('empty', 'WV-CSP-Message', 0x00, 0x09, { namespace: 'session' })
export const Session = leaf('empty', 'Session', 0x00, 0x2d)
export const SessionDescriptor = leaf('empty', 'SessionDescriptor', 0x00, 0x2e)
export const SessionType = leaf('token', 'SessionType', 0x00, 0x30, { values: ['Inband', 'Outband'] })
export const SessionID = leaf('string', 'SessionID', 0x00, 0x2f)
export const Transaction = leaf('empty', 'Transaction', 0x00, 0x32)
export const TransactionDescriptor = leaf('empty', 'TransactionDescriptor', 0x00, 0x34)
export const TransactionMode = leaf('token', 'TransactionMode', 0x00, 0x36, { values: ['Request', 'Response'] })
export const TransactionID = leaf('string', 'TransactionID', 0x00, 0x35)
export const TransactionContent = leaf('empty', 'TransactionContent', 0x00, 0x33, { namespace: 'transaction' })
export const Poll = leaf('bool', 'Poll', 0x00, 0x21)
export const CIR = leaf('bool', 'CIR', 0x09, 0x05, { since: '1.2' })
export const ExtBlock = leaf('extension', 'ExtBlock', 0x09, 0x07, { since: '1.2' })
