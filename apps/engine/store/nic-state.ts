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
