// What the switch counts for a NIC, in VDSM's words and from the guest's point of view.
import type { SwitchInterface } from './open-vswitch.ts'
import { isWired } from './wiring.ts'

export interface NicStatistics {
  /** VDSM's: up or down. */
  readonly state: 'up' | 'down'
  /** Texts of whole numbers. Empty until the switch has counted, some seconds after the plug. */
  readonly counters: Readonly<Record<string, string>>
}

/** VDSM's name → Open vSwitch's. What the switch sends is what the guest receives. */
const names = {
  rx: 'tx_bytes',
  tx: 'rx_bytes',
  rxPackets: 'tx_packets',
  txPackets: 'rx_packets',
  rxErrors: 'tx_errors',
  txErrors: 'rx_errors',
  rxDropped: 'tx_dropped',
  txDropped: 'rx_dropped',
} as const

export function nicStatistics(port: SwitchInterface, counted: Readonly<Record<string, number>>): NicStatistics {
  const known = Object.entries(names).filter(([, name]) => counted[name] !== undefined)
  return {
    state: isWired(port, true) ? 'up' : 'down',
    counters: Object.fromEntries(known.map(([name, switchName]) => [name, String(counted[switchName])])),
  }
}
