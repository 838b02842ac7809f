// What the switch counts for a NIC, in VDSM's words and from the guest's point of view.
import { missingOnSwitch } from './missing-step.ts'
import type { SwitchInterface } from './open-vswitch.ts'
import { isWired } from './wiring.ts'

export interface NicStatistics {
  /** VDSM's: up or down. */
  readonly state: 'up' | 'down'
  /** Why it is down. */
  readonly stateDetail?: string
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

const noFlows = 'its flows are not in the switch: does ovn-controller run, and does OVN want the port on this host?'

export function nicStatistics(port: SwitchInterface, counted: Readonly<Record<string, number>>): NicStatistics {
  const known = Object.entries(names).filter(([, name]) => counted[name] !== undefined)
  return {
    ...(isWired(port, true) ? { state: 'up' } : { state: 'down', stateDetail: missingOnSwitch(port, true) ?? noFlows }),
    counters: Object.fromEntries(known.map(([name, switchName]) => [name, String(counted[switchName])])),
  }
}
