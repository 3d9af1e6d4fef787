const two = (number: number) => String(number).padStart(2, '0')

/** `14:05`, of today where nothing is said. */
export const timeOf = (date = new Date()): string => `${two(date.getHours())}:${two(date.getMinutes())}`

/** `2026-01-02 14:05` */
export const dayAndTimeOf = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${timeOf(date)}`

/** The time alone for a moment of today. */
export const momentOf = (date = new Date()): string =>
  date.toDateString() === new Date().toDateString() ? timeOf(date) : dayAndTimeOf(date)
