// What can be done with a virtual machine in which state. The engine decides; these rules say beforehand why not.
import { text } from '../text/vms.ts'

const up = ['up', 'powering_up']
const running = [...up, 'paused', 'powering_down', 'reboot_in_progress', 'unknown']

/** Each answers why not; undefined: it can be done. */
export const vmCan = {
  start: when(['down', 'suspended', 'paused'], text.isRunning),
  shutdown: when([...up, 'powering_down'], text.notUp),
  reboot: when(up, text.notUp),
  suspend: when(['up'], text.notUp),
  stop: when([...running, 'suspended', 'migrating'], text.notRunning),
  migrate: when(['up'], text.notUp),
  remove: when(['down', 'suspended'], text.notDown),
} as const

/** The permit that each needs. */
export const permitFor = {
  start: 'run_vm',
  shutdown: 'shut_down_vm',
  reboot: 'reboot_vm',
  suspend: 'hibernate_vm',
  stop: 'stop_vm',
  migrate: 'migrate_vm',
  remove: 'delete_vm',
} as const satisfies Record<keyof typeof vmCan, string>

export type VmAction = Exclude<keyof typeof vmCan, 'remove' | 'migrate'>

/** vNICs are plugged into it while it runs. */
export const isLive = (status: string | undefined) => up.includes(status ?? '')

function when(states: readonly string[], reason: string): (status: string | undefined) => string | undefined {
  return (status = 'unknown') => (states.includes(status) ? undefined : reason)
}
