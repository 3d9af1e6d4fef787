import { existsSync } from 'node:fs'
import { type Config, ConfigError, loadConfig } from '@village/server'
import type { Command } from 'commander'
import pc from 'picocolors'

/** Options that every command which needs the server's settings has. */
export interface SettingsOptions {
  readonly config?: string
  readonly data?: string
  readonly set?: Record<string, string>
}

const usualFile = 'village.toml'

export const withSettings = (command: Command): Command =>
  command
    .option('-c, --config <file>', `settings, in TOML (default: ${usualFile}, where it exists)`)
    .option('-d, --data <folder>', 'folder for everything the server keeps')
    .option('-s, --set <name=value>', 'one setting, for example http.port=8090; may be repeated', collect)

const collect = (text: string, so: Record<string, string> = {}): Record<string, string> => {
  const [name, ...value] = text.split('=')
  return { ...so, [name!]: value.join('=') }
}

/** Where the settings come from, in rising precedence: file, environment, flags. */
export const sourcesOf = (options: SettingsOptions) => ({
  file: options.config ?? (existsSync(usualFile) ? usualFile : undefined),
  environment: process.env,
  flags: { ...(options.data !== undefined && { data: options.data }), ...options.set },
})

export const settingsFrom = (options: SettingsOptions): { config: Config; warnings: readonly string[] } => {
  try {
    return loadConfig(sourcesOf(options))
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message)
    throw error
  }
}

/** Ends the command with one clear line (or as many as there are mistakes). */
export const fail = (message: string): never => {
  process.stderr.write(`${pc.red('village:')} ${message}\n`)
  process.exit(1)
}
