import { type Config, checkConfig, listOptions, loadScaler, readTlsFiles, scalerIsMissing } from '@village/server'
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
      const mistakes = [...misspelt, ...(config ? tlsMistakes(config) : [])]
      for (const mistake of mistakes) console.error(`${pc.red('mistake')}  ${mistake}`)
      const missing = config?.messages.scalePictures && !(await loadScaler()) ? [scalerIsMissing] : []
      for (const warning of [...warnings, ...missing]) console.error(`${pc.yellow('warning')}  ${warning}`)
      if (mistakes.length > 0) process.exit(1)
      const from = sources.file ?? 'no file'
      console.log(`The settings are good (${from}, environment and flags; ${listOptions().length} options known).`)
    })
}

/** What a server with these settings would not start with, although every setting alone is sound. */
const tlsMistakes = ({ http }: Config): string[] => {
  try {
    readTlsFiles(http.tls)
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}
