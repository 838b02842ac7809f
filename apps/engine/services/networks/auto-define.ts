// Auto-define: hosts with Open vSwitch cannot bring a network of the engine's own to VMs, so the default provider of their
// cluster gets one that is linked to it.
import type { NetworkRows } from '../../lifecycle/networks/insert-network.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Cluster } from '../../store/entities/infrastructure.ts'
import type { Network } from '../../store/entities/networks.ts'
import { existing } from '../names.ts'
import { refuseReadOnly } from '../providers/provider-draft.ts'
import { makeOnProvider } from './make-on-provider.ts'
import { newAttachment } from './new-attachment.ts'
import { newNetwork } from './new-network.ts'
import { defaultProfile } from './new-profile.ts'

const action = 'add Network'
const usualMtu = 1500

/** After a network was added, whatever becomes of this: throws nothing, and tells its failures. */
export async function autoDefine(parts: Parts, { network, clusters }: NetworkRows): Promise<void> {
  if (network.providerId !== '' || !network.vmNetwork) return
  const rows = await Promise.all(clusters.map(({ clusterId }) => parts.store.clusters.get(clusterId)))
  const onOvs = rows.filter((cluster) => cluster?.switchType === 'ovs') as Cluster[]
  const groups = Map.groupBy(onOvs, ({ defaultProviderId }) => defaultProviderId)
  for (const { name } of groups.get('') ?? [])
    await parts.events.tell(
      'NETWORK_AUTO_DEFINE_NO_DEFAULT_EXTERNAL_PROVIDER',
      `Cluster ${name} has no default network provider: no external network is made there for network ${network.name}.`,
    )
  groups.delete('')
  const names = autoDefinedNames(network.name, groups.size)
  for (const [at, [providerId, targets]] of [...groups].entries())
    await define(parts, network, names[at]!, providerId, targets)
}

/** `external_blue`; of several `external_blue_1` … Cut where a name would be too long. */
export function autoDefinedNames(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const suffix = count > 1 ? `_${at + 1}` : ''
    return `external_${name}`.slice(0, 256 - suffix.length) + suffix
  })
}

async function define(
  parts: Parts,
  physical: Network,
  name: string,
  providerId: string,
  clusters: readonly Cluster[],
): Promise<void> {
  const network = newNetwork({
    name,
    description: 'Auto-defined external network',
    dataCenterId: physical.dataCenterId,
    providerId,
    physicalNetworkId: physical.id,
    mtu: physical.mtu || usualMtu,
  })
  const rows = {
    network,
    profiles: [defaultProfile(network)],
    clusters: clusters.map(({ id }) => newAttachment(network.id, id)),
  }
  try {
    const provider = await existing(parts.store.providers, 'Provider', providerId)
    refuseReadOnly(provider, action)
    await makeOnProvider(parts, rows, {}, [])
    await parts.events.tell('NETWORK_ADD_NETWORK', `Network ${name} was added on provider ${provider.name}.`)
  } catch (error) {
    const message = `Failed to add network ${name}: ${(error as Error).message}`
    await parts.events.tell('NETWORK_ADD_NETWORK_FAILED', message)
  }
}
