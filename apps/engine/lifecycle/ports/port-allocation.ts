// The port of a vNIC on its provider: found by the vNIC's id, made or updated for the host where the vNIC goes.
import type { Answered, NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { ProviderClients } from '../../providers/provider-clients.ts'
import type { Vnic } from '../../store/vnic-connections.ts'
import { projectOf } from '../networks/network-projects.ts'
import type { AllocatedPort } from '../nics/vnic-device.ts'

/** How ports of vNICs are marked, as in the real engine. */
export const deviceOwner = 'oVirt'

/** Makes the port exist, bound to this host, with the security groups of the profile. May be repeated. */
export function allocatePort(clients: ProviderClients, vnic: Vnic, bindingHostId: string): Promise<AllocatedPort> {
  return clients.ask(vnic.provider, async (client) => {
    const project = () => projectOf(client, vnic.network.externalId)
    // Usually there is a port if there was one. If not, its network is asked for meanwhile.
    const [known, ownedBy] = await Promise.all([lookUp(client, vnic.nic.id), vnic.nic.hasPort ? undefined : project()])
    const isUsable = known?.network_id === vnic.network.externalId
    if (known && !isUsable) await client.ports.remove(known.id)
    const port =
      known && isUsable
        ? await update(client, vnic, known, bindingHostId)
        : await create(client, vnic, ownedBy ?? (await project()), bindingHostId)
    return { portId: port.id, securityGroups: port.security_groups ?? [] }
  })
}

/** Lets the port be wired at a second host, where the provider can: what precedes a migration. May be repeated. */
export async function preparePort(clients: ProviderClients, vnic: Vnic, bindingHostId: string): Promise<void> {
  await clients.ask(vnic.provider, async (client) => {
    const [port, areOffered] = await Promise.all([lookUp(client, vnic.nic.id), client.bindings.areOffered()])
    if (!port || !areOffered) return
    const profile = port['binding:profile']
    await client.bindings.prepare(port.id, bindingHostId, profile && { profile })
  })
}

/** Binding host ids: where the VM of a port is (undefined: nowhere), and where it might have been. */
export interface Whereabouts {
  readonly at: string | undefined
  readonly between: readonly string[]
}

/** Points the port at the host where its VM is, alone, and leaves the rest: what follows a migration. May be repeated. */
export async function bindPort(clients: ProviderClients, vnic: Vnic, { at, between }: Whereabouts): Promise<void> {
  await clients.ask(vnic.provider, async (client) => {
    const port = await lookUp(client, vnic.nic.id)
    if (!port) return
    const bound = port['binding:host_id']
    const left = between.filter((host) => host !== (at ?? bound))
    const isElsewhere = at !== undefined && at !== bound
    if (!isElsewhere && left.length === 0) return
    const { bindings } = client
    const areOffered = await bindings.areOffered()
    // Nothing was prepared where the provider cannot, or was away then.
    if (isElsewhere && !(areOffered && (await bindings.activate(port.id, at))))
      await client.ports.update(port.id, rebinding(vnic, at))
    if (areOffered) for (const host of left) await bindings.remove(port.id, host)
  })
}

/** Removes the port; with `networkId` (the provider's), only one on that network. Succeeds when there is none. */
export async function deallocatePort(
  clients: ProviderClients,
  { provider, nic }: Pick<Vnic, 'provider' | 'nic'>,
  networkId?: string,
): Promise<void> {
  await clients.ask(provider, async (client) => {
    const port = await lookUp(client, nic.id)
    if (port && (networkId ?? port.network_id) === port.network_id) await client.ports.remove(port.id)
  })
}

/** One filtered look-up, whatever the number of ports. */
async function lookUp(client: NetworkingClient, nicId: string): Promise<Answered<Port> | undefined> {
  const [port] = await client.ports.list({ device_id: nicId, device_owner: deviceOwner })
  return port
}

async function create(
  client: NetworkingClient,
  { nic, network, profile }: Vnic,
  projectId: string,
  bindingHostId: string,
): Promise<Answered<Port>> {
  const groups = wantedSecurityGroups(profile.customProperties.SecurityGroups)
  return client.ports.create({
    name: nic.name,
    network_id: network.externalId,
    mac_address: nic.mac,
    device_id: nic.id,
    device_owner: deviceOwner,
    admin_state_up: true,
    'binding:host_id': bindingHostId,
    // A port belongs to the project of its network, not to that of the engine's user.
    ...(projectId && { tenant_id: projectId }),
    ...(groups && { security_groups: groups }),
  })
}

async function update(
  client: NetworkingClient,
  vnic: Vnic,
  port: Answered<Port>,
  bindingHostId: string,
): Promise<Answered<Port>> {
  const moved = port['binding:host_id'] !== bindingHostId
  const groups = changedSecurityGroups(
    port.security_groups ?? [],
    wantedSecurityGroups(vnic.profile.customProperties.SecurityGroups),
  )
  if (!moved && groups === undefined) return port
  const change = {
    ...(moved && rebinding(vnic, bindingHostId)),
    ...(groups !== undefined && { security_groups: groups }),
  }
  return { ...port, ...(await client.ports.update(port.id, change)) }
}

const rebinding = ({ nic }: Vnic, bindingHostId: string) => ({ 'binding:host_id': bindingHostId, mac_address: nic.mac })

/** undefined: the profile leaves it to the provider. */
export function wantedSecurityGroups(property: string | undefined): string[] | undefined {
  return property
    ?.split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
}

/**
 * What to send, or undefined when nothing changes. Without a wish, a port that has no groups is reset to the provider's
 * default with `null`: the real engine does so at every plug.
 */
export function changedSecurityGroups(
  current: readonly string[],
  wanted: readonly string[] | undefined,
): readonly string[] | null | undefined {
  if (wanted === undefined) return current.length === 0 ? null : undefined
  const same = current.length === wanted.length && [...current].sort().join() === [...wanted].sort().join()
  return same ? undefined : wanted
}
