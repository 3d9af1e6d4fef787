import type { Config } from '../../config/options.ts'

/** Without a wish the client asks for infinity, which is more than any server has to grant (CSP 6.4.6). */
export const grantedKeepAlive = (wish: number | undefined, config: Config): number => {
  const { min, max, default: usual } = config.session.keepAliveSeconds
  return Math.min(max, Math.max(min, wish ?? usual))
}
