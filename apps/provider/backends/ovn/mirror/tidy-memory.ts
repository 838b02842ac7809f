// After a load, and after many changes, there is as much garbage as there are rows, and a collection of the usual kind leaves
// what lies between rows. So when it has become quiet, everything is put together.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Rows changed since memory was last tidied. */
const manyRows = 10_000
/** Of no change at all. */
const quietMs = 1_000

/** Returns what is to be told of changed rows. */
export function createMemoryTidying(): (changedRows: number) => void {
  let changed = 0
  let timer: NodeJS.Timeout | undefined
  function tidy(): void {
    changed = 0
    timer = undefined
    tidyMemory()
  }
  return (changedRows) => {
    changed += changedRows
    if (timer) timer.refresh()
    else if (changed >= manyRows) timer = setTimeout(tidy, quietMs).unref()
  }
}

/** Gives the memory back to the system. Takes some 4 ms per 1,000 ports, in which nothing else happens. */
function tidyMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
