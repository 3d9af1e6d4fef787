import { type AnnouncementAdmin, announcementClient, type ShownAnnouncement } from '@village/server'
import type { Command } from 'commander'
import { oneLine, printable } from './printable.ts'
import { withServer } from './running-server.ts'
import { type SettingsOptions, withSettings } from './settings.ts'

/** `village announcement …`: what was announced by a running server, and what users answered. */
export function registerAnnouncement(program: Command) {
  const announcement = program.command('announcement').description('list announcements, and show who answered what')

  withSettings(announcement.command('list'))
    .description('list announcements, the latest first: id, when, how many have answered, text')
    .action((options: SettingsOptions) => withServer(options, call => listAll(announcementClient(call))))

  withSettings(announcement.command('show <id>'))
    .description('show an announcement, how often each option was chosen, and the answers of all users')
    .action((id: string, options: SettingsOptions) => withServer(options, call => show(id, announcementClient(call))))
}

async function listAll(announcements: AnnouncementAdmin) {
  for (let after: number | undefined; ; ) {
    const page = await announcements.list({ after })
    for (const { id, sentAt, answered, recipients, text } of page.announcements)
      console.log([id, sentAt, `${answered} of ${recipients}`, oneLine(text)].join('\t'))
    if (page.next === null) return
    after = page.next
  }
}

async function show(id: string, announcements: AnnouncementAdmin) {
  let page = await announcements.show(id, {})
  const { text, sentAt, validUntil, answered, recipients, options, chosen, unshown } = page
  console.log(printable(text))
  console.log(`Sent ${sentAt}, valid until ${validUntil}. ${answered} of ${recipients} users have answered.`)
  for (const [index, option] of options.entries()) console.log(`${chosen[index]}\t${oneLine(option)}`)
  if (unshown > 0) console.log(`${unshown}\t(their client cannot show it)`)
  if (page.answers.length > 0) console.log()
  for (;;) {
    for (const answer of page.answers) console.log([answer.userId, answer.answeredAt, told(answer)].join('\t'))
    if (page.next === null) return
    page = await announcements.show(id, { after: page.next })
  }
}

const told = ({ option, isUnshown }: ShownAnnouncement['answers'][number]): string => {
  if (isUnshown) return '(cannot show it)'
  return option === null ? '(no choice)' : oneLine(option)
}
