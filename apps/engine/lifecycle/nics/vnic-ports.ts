// The steps on ports that starting a VM and plugging a vNIC have in common: make and bind, note, take back.
import type { VnicDevice } from '../../domain-xml/interface-element.ts'
import { Fault } from '../../faults.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { isExternal, resolveConnections, type Vnic } from '../../store/vnic-connections.ts'
import { allocatePort, deallocatePort } from '../ports/port-allocation.ts'
import { notePortsMade, unnoted } from '../ports/ports-made.ts'
import { portLock } from '../ports/remove-port.ts'
import type { Parts } from '../workflows/parts.ts'
import { type AllocatedPort, bridgedDevice, deviceOf, unconnectedDevice } from './vnic-device.ts'

/** vNIC id → its port. */
export type Ports = Readonly<Record<string, AllocatedPort>>

export async function vnicsOf({ store }: { readonly store: Tables }, nics: readonly Nic[]): Promise<Vnic[]> {
  const connections = await resolveConnections(store, nics)
  return connections.filter((connection) => connection !== undefined).filter(isExternal)
}

export async function allocatePorts(parts: Parts, vnics: readonly Vnic[], hostId: string): Promise<Ports> {
  for (const vnic of vnics) refuseLeaving(parts, vnic)
  // Most that are plugged were noted as that began.
  if ((await unnoted(parts.store, vnics)).length > 0)
    await parts.store.transaction((tables) => notePortsMade(tables, vnics))
  const allocate = async (vnic: Vnic) => {
    const bindingHostId = await bindingHostIdOf(parts, hostId, vnic.provider.pluginType)
    return [vnic.nic.id, await allocatePort(parts.providers, vnic, bindingHostId)] as const
  }
  // All are waited for: a port made while another failed must be known before the undo begins.
  const settled = await Promise.allSettled(vnics.map(allocate))
  const failed = settled.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  return Object.fromEntries(settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])))
}

/** A port that the vNIC left on another network of the provider: it would be found instead of the new one. */
function refuseLeaving({ locks }: Parts, { nic, provider }: Vnic): void {
  const kind = locks.holder(portLock(nic.id, provider.id))
  if (kind) throw new Fault('RELATED_OPERATION', { action: `allocate the port of ${nic.name}`, kind })
}

/** What the host gets for these vNICs, in their order. */
export async function devicesOf(
  { store }: Pick<Parts, 'store'>,
  nics: readonly Nic[],
  ports: Ports,
): Promise<VnicDevice[]> {
  const connections = await resolveConnections(store, nics)
  return nics.map((nic, at) => {
    const connection = connections[at]
    if (!connection) return unconnectedDevice(nic)
    return isExternal(connection) ? deviceOf(connection, ports[nic.id]!) : bridgedDevice(connection)
  })
}

/** Removes the ports of those that had none before. */
export async function takeBackPorts({ providers }: Parts, vnics: readonly Vnic[]): Promise<void> {
  await Promise.all(vnics.filter(({ nic }) => !nic.hasPort).map((vnic) => deallocatePort(providers, vnic)))
}

/** By which id providers of a plugin type know the host: told by its capabilities, else its address. */
export async function bindingHostIdOf({ store, log }: Parts, hostId: string, pluginType: string): Promise<string> {
  const binding = await store.hostBindings.get(`${hostId}/${pluginType}`)
  if (binding) return binding.bindingHostId
  const host = await store.hosts.get(hostId)
  log.warn(
    { host: host?.name, pluginType },
    'the host reports no binding id for this plugin type (openstack_binding_host_ids): its address is used',
  )
  return host?.address ?? ''
}
