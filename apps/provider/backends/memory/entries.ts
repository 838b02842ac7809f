// A row as it is kept: as JSON, which takes a third of what the object would. Reading it is most of what a look-up costs,
// and one request looks at the same row several times: what was read lately is kept as an object, too.

export interface Entry {
  /** Of two rows, the older one has the smaller number. */
  readonly sequence: number
  readonly body: string
  /** What was read of it lately. Nobody changes it. */
  row: object | undefined
}

/** As many as changes that are made together. */
const lately = 256

/** Returns what reads the row of an entry. */
export function createEntryReader<Row extends object>(): (entry: Entry) => Row {
  const read: Entry[] = []
  let next = 0
  return (entry) => {
    if (entry.row) return entry.row as Row
    const oldest = read[next]
    if (oldest) oldest.row = undefined
    read[next] = entry
    next = (next + 1) % lately
    entry.row = JSON.parse(entry.body)
    return entry.row as Row
  }
}
