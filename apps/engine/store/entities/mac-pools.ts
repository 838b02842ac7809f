// Where the addresses of vNICs come from, as rows.

/** Both ends belong to it; lower case, with colons. */
export interface MacRange {
  readonly from: string
  readonly to: string
}

export interface MacPool {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  /** Two vNICs of its clusters may have one address. */
  readonly allowDuplicates: boolean
  /** Of clusters that name none; there is one. */
  readonly defaultPool: boolean
  /** They do not overlap. */
  readonly ranges: readonly MacRange[]
}
