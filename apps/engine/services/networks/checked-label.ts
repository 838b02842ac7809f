import { Fault } from '../../faults.ts'

/** A label of networks and interfaces, as oVirt takes it. Throws its faults. */
export function checkedLabel(label = ''): string {
  if (label === '') throw new Fault('INCOMPLETE_PARAMETERS', { what: 'NetworkLabel [id]', action: 'add' })
  if (!/^[0-9a-zA-Z_-]{1,50}$/.test(label)) throw new Fault('NETWORK_LABEL_FORMAT_INVALID')
  return label
}
