// NICs for drivers that ask no provider: nobody but the bed knows their ports.
import { randomUUID } from 'node:crypto'
import { type LabNic, labNic } from './lab-bed-host.ts'

/** Each with another MAC address, and another address in 10.0.0.0/24. */
export function madeUpNics(pluginType: string): () => Promise<LabNic> {
  let last = 0
  return async () => {
    const number = ++last
    const mac = `02:00:00:00:01:${number.toString(16).padStart(2, '0')}`
    return labNic({ id: randomUUID(), mac, addresses: [`10.0.0.${number}/24`], pluginType })
  }
}
