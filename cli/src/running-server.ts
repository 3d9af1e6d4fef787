import { type AdminCall, AdminUnreachable, adminCall, type Config, readAdminToken } from '@village/server'
import { fail, type SettingsOptions, settingsFrom } from './settings.ts'

export const adminUrl = ({ admin: { host, port } }: Config) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

/** For commands that only a running server can carry out. */
export async function withServer(options: SettingsOptions, run: (call: AdminCall) => Promise<void>) {
  const { config } = settingsFrom(options)
  try {
    const token = await readAdminToken(config.data)
    if (token === undefined)
      throw new AdminUnreachable(`No server has run in ${config.data} yet. Is --data or --config that of the server?`)
    await run(adminCall({ url: adminUrl(config), token }))
  } catch (error) {
    fail((error as Error).message)
  }
}
