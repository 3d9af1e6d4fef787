import {
  type Config,
  checkConfig,
  listOptions,
  loadScaler,
  readTlsFiles,
  readWebhookToken,
  scalerIsMissing,
} from '@village/server'
import type { Command } from 'commander'
import pc from 'picocolors'
import { type SettingsOptions, sourcesOf, withSettings } from './settings.ts'

/** `village check`: explains all mistakes in the settings at once, without starting anything. */
export function registerCheck(program: Command) {
  withSettings(program.command('check'))
    .description('look at the settings and explain what is wrong with them')
    .action(async (options: SettingsOptions) => {
      const sources = sourcesOf(options)
      const { config, mistakes: misspelt, warnings } = checkConfig(sources)
      const mistakes = [...misspelt, ...(config ? await fileMistakes(config) : [])]
      for (const mistake of mistakes) console.error(`${pc.red('mistake')}  ${mistake}`)
      const missing = config?.messages.scalePictures && !(await loadScaler()) ? [scalerIsMissing] : []
      for (const warning of [...warnings, ...missing]) console.error(`${pc.yellow('warning')}  ${warning}`)
      if (mistakes.length > 0) process.exit(1)
      const from = sources.file ?? 'no file'
      console.log(`The settings are good (${from}, environment and flags; ${listOptions().length} options known).`)
    })
}

/** What a server with these settings would not start with, although every setting alone is sound. */
const fileMistakes = async ({ http, notices }: Config): Promise<string[]> => {
  const readings = [async () => readTlsFiles(http.tls), () => readWebhookToken(notices.webhook.tokenFile)]
  const outcomes = await Promise.allSettled(readings.map(read => read()))
  return outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [(outcome.reason as Error).message] : []))
}
