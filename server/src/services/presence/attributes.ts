export type Attributes = number
