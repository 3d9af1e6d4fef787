import { status } from '@village/protocol'
import type { Handler } from '../context.ts'

/**
 * A request in the namespace of somebody else (CSP 12.2). None is known here, so it is ignored, which is no error.
 * No conformance item speaks of it.
 */
export const extended: Handler<'ExtendedRequest'> = async () => ({
  name: 'Status',
  body: { result: { code: status.ExtensionIgnored.code } },
})
