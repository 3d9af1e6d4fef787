import type { Announcement, Bus } from './bus.ts'

/** The bus of a server that is alone. */
export const localBus = (): Bus => {
  let listener: (announcement: Announcement) => void = () => {}
  return {
    announce: announcement => listener(announcement),
    onAnnounce: listen => {
      listener = listen
    },
  }
}
