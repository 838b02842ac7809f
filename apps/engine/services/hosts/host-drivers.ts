// The VIF drivers of a host, as it told them the last time, and what they can do.
import { capabilitiesOf } from '../../hosts/host-capabilities.ts'
import { lastingId } from '../../lasting-id.ts'
import type { HostCapabilities } from '../../store/entities/infrastructure.ts'
import type { Store } from '../../store/store.ts'
import { existing } from '../names.ts'

export interface HostDriver {
  readonly id: string
  readonly hostId: string
  readonly name: string
  readonly version: string | undefined
  readonly pluginTypes: readonly string[]
  /** Of the networks that it carries; undefined where it does not say. */
  readonly networkTypes: readonly string[] | undefined
  readonly features: readonly string[] | undefined
  /** By which the provider knows the host. */
  readonly bindingHostId: string | undefined
}

export interface HostDrivers {
  /** In the order of their names; none for a host that was never connected, or has a VDSM. Throws NOT_FOUND. */
  list(hostId: string): Promise<HostDriver[]>
}

export function createHostDrivers(store: Store): HostDrivers {
  return {
    async list(hostId) {
      await existing(store.hosts, 'Host', hostId)
      const capabilities = await capabilitiesOf(store, hostId)
      const bindings = await store.hostBindings.find({ hostId })
      const drivers = (capabilities.vifDrivers ?? []).map((told) => ({
        id: lastingId(hostId, told.name),
        hostId,
        name: told.name,
        version: told.version,
        pluginTypes: told.pluginTypes,
        ...abilitiesOf(capabilities, told.pluginTypes),
        bindingHostId: bindings.find(({ pluginType }) => told.pluginTypes.includes(pluginType))?.bindingHostId,
      }))
      return drivers.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
  }
}

/** A driver says the same for each of its plugin types. What anybody may have written there is read with care. */
function abilitiesOf({ vif_driver_features: told }: HostCapabilities, pluginTypes: readonly string[]) {
  const said = pluginTypes.map((type) => told?.[type]).find((each) => typeof each === 'object' && each !== null)
  return { networkTypes: textsIn(said?.network_types), features: textsIn(said?.features) }
}

const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined
