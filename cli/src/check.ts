import { checkConfig, listOptions } from '@village/server'
import type { Command } from 'commander'
import pc from 'picocolors'
import { type SettingsOptions, sourcesOf, withSettings } from './settings.ts'

/** `village check`: explains all mistakes in the settings at once, without starting anything. */
export function registerCheck(program: Command) {
  withSettings(program.command('check'))
    .description('look at the settings and explain what is wrong with them')
    .action((options: SettingsOptions) => {
      const sources = sourcesOf(options)
      const { config, mistakes, warnings } = checkConfig(sources)
      for (const mistake of mistakes) console.error(`${pc.red('mistake')}  ${mistake}`)
      for (const warning of warnings) console.error(`${pc.yellow('warning')}  ${warning}`)
      if (config === undefined) process.exit(1)
      const from = sources.file ?? 'no file'
      console.log(`The settings are good (${from}, environment and flags; ${listOptions().length} options known).`)
    })
}
