import { refuse } from '@village/protocol'
import type { Config } from '../../config/options.ts'

/**
 * Applications that the operator does not want are sent away (CSP 5.3.8). Any number of clients may share one
 * Application-ID.
 * @throws Refusal ApplicationForbidden
 */
export function checkApplication(applicationId: string | undefined, { login }: Config): void {
  const known = applicationId?.trim().toLowerCase()
  if (login.forbiddenApplications.some(forbidden => forbidden.toLowerCase() === known)) refuse('ApplicationForbidden')
}
