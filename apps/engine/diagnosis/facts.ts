// All that can be known about the way of a vNIC's frames, gathered at once; what cannot be had says why.
import type { Answered, NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import type { Network as ExternalNetwork } from '@patchbay/networking-api/resources/networks.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Subnet } from '@patchbay/networking-api/resources/subnets.ts'
import { capabilitiesOf } from '../hosts/host-capabilities.ts'
import type { VmOnHost } from '../hosts/vm-watch.ts'
import { bindingHostIdOf } from '../lifecycle/nics/vnic-ports.ts'
import { deviceOwner } from '../lifecycle/ports/port-allocation.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Cluster, Host, HostCapabilities } from '../store/entities/infrastructure.ts'
import type { Network, VnicProfile } from '../store/entities/networks.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'

export interface Facts {
  readonly vm: Vm
  readonly nic: Nic
  readonly profile: VnicProfile | undefined
  readonly network: Network | undefined
  readonly cluster: Cluster | undefined
  /** Whether the network is attached to the VM's cluster. */
  readonly isAttached: boolean
  /** Where the VM runs. */
  readonly host: Host | undefined
  readonly capabilities: HostCapabilities
  /** What the host says of the VM. */
  readonly onHost: Outcome<VmOnHost>
  readonly provider: Provider | undefined
  /** The id by which the provider knows the host. */
  readonly bindingHostId: string
  /** What the provider says; undefined where the network is none of a provider that is asked. */
  readonly external: Outcome<ExternalFacts> | undefined
}

export interface ExternalFacts {
  readonly network: Answered<ExternalNetwork> | undefined
  readonly subnets: readonly Answered<Subnet>[]
  readonly ports: readonly Answered<Port>[]
}

/** What was asked for, or why it was not to be had. */
export type Outcome<Value> = { readonly value: Value } | { readonly failure: string }

/** A host that is away has had its time to come back. */
const patienceMs = 1_000
const askMs = 10_000

export async function gatherFacts(parts: Parts, vm: Vm, nic: Nic): Promise<Facts> {
  const { store } = parts
  const profile = nic.profileId === '' ? undefined : await store.vnicProfiles.get(nic.profileId)
  const network = profile && (await store.networks.get(profile.networkId))
  const provider = network?.providerId ? await store.providers.get(network.providerId) : undefined
  const host = vm.hostId === '' ? undefined : await store.hosts.get(vm.hostId)
  const isAsked = network && provider && !provider.unmanaged
  const [cluster, attachment, capabilities, bindingHostId, onHost, external] = await Promise.all([
    store.clusters.get(vm.clusterId),
    network && store.networkClusters.get(`${network.id}/${vm.clusterId}`),
    host ? capabilitiesOf(store, host.id) : {},
    host && provider ? bindingHostIdOf(parts, host.id, provider.pluginType) : '',
    host ? outcomeOf(parts.watch.look(host.id, vm.id, patienceMs)) : { failure: 'the VM does not run' },
    isAsked ? outcomeOf(parts.providers.ask(provider, askAbout(network, nic), { anyway: true })) : undefined,
  ])
  const isAttached = attachment !== undefined
  return {
    vm,
    nic,
    profile,
    network,
    cluster,
    isAttached,
    host,
    capabilities,
    onHost,
    provider,
    bindingHostId,
    external,
  }
}

const askAbout =
  ({ externalId }: Network, { id: device_id }: Nic) =>
  async (client: NetworkingClient): Promise<ExternalFacts> => {
    const [[network], subnets, ports] = await Promise.all([
      client.networks.list({ id: externalId }),
      client.subnets.list({ network_id: externalId }),
      client.ports.list({ device_id, device_owner: deviceOwner }),
    ])
    return { network, subnets, ports }
  }

async function outcomeOf<Value>(asked: Promise<Value>): Promise<Outcome<Value>> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`there was no answer within ${askMs / 1000} s`)), askMs)
  try {
    return { value: await Promise.race([asked, late]) }
  } catch (error) {
    return { failure: (error as Error).message }
  } finally {
    clearTimeout(timer)
    asked.catch(() => {})
  }
}
