// After a load there is as much garbage as there are rows, and nothing happens that would have it collected.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Gives the memory back to the system. Takes a moment. */
export function tidyMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}
