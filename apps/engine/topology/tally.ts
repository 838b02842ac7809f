// How many vNICs of a thing are up, changing or broken, and what that makes of the thing.
import { type NicState, nicStates, type Status } from '../store/nic-state.ts'

/** How many vNICs are how. */
export interface Tally {
  nics: number
  broken: number
  up: number
  changing: number
}

export const emptyTally = (): Tally => ({ nics: 0, broken: 0, up: 0, changing: 0 })

export function count(tally: Tally, state: NicState, nics: number): void {
  const status = nicStates[state]
  tally.nics += nics
  if (status !== 'off') tally[status] += nics
}

/** One that is broken is not hidden by others. */
export function statusOf({ broken, up, changing }: Tally): Status {
  if (broken > 0) return 'broken'
  if (up > 0) return 'up'
  return changing > 0 ? 'changing' : 'off'
}
