// What the engine knows of a vNIC's connection without asking anybody: from its row and those of its VM and host.

export type Status = 'up' | 'changing' | 'broken' | 'off' | 'unknown'

/** From what is told first to what is told last: a vNIC is in the first state that fits. */
export const nicStates = {
  vm_down: 'off',
  unplugged: 'off',
  host_away: 'broken',
  vm_unknown: 'broken',
  not_connected: 'off',
  no_port: 'broken',
  unlinked: 'off',
  vm_changing: 'changing',
  up: 'up',
} as const satisfies Record<string, Status>

export type NicState = keyof typeof nicStates

export const brokenStates = (Object.keys(nicStates) as NicState[]).filter((state) => nicStates[state] === 'broken')

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
