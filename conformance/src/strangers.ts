/** Many addresses of another domain: whether there are such users is not for the server to say. */
export const strangers = (count: number): [string, ...string[]] =>
  Array.from({ length: count }, (_, index) => `wv:stranger-${index}@far-away.example`) as [string, ...string[]]
