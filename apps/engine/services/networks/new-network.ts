// A network as it begins, whether it is made here, made on a provider or imported from one.
import { randomUUID } from 'node:crypto'
import type { Network } from '../../store/entities/networks.ts'

export function newNetwork(given: Pick<Network, 'name' | 'dataCenterId'> & Partial<Network>): Network {
  const id = given.id ?? randomUUID()
  return {
    description: '',
    comment: '',
    providerId: '',
    externalId: '',
    physicalNetworkId: '',
    mtu: 0,
    vlanId: null,
    vmNetwork: true,
    stp: false,
    portIsolation: false,
    label: '',
    dnsServers: [],
    vdsmName: vdsmName(given.name, id),
    ...given,
    id,
  }
}

/** The name of a network on hosts: its own if that can be one, else made of its id. */
export const vdsmName = (name: string, id: string) =>
  /^[0-9a-zA-Z_-]{1,15}$/.test(name) ? name : `on${id.replaceAll('-', '').slice(0, 13)}`
