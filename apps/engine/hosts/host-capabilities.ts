// What a host can do, asked when it connects and whenever it may have changed; and read from what was kept of it.
import type { Host, HostCapabilities } from '../store/entities/infrastructure.ts'
import type { Store, Tables } from '../store/store.ts'
import { recordReportedAttachments } from './reported-attachments.ts'

type Told = HostCapabilities & { readonly openstack_binding_host_ids?: Readonly<Record<string, unknown>> }

const kept = [
  'networks',
  'nics',
  'bondings',
  'vlans',
  'nameservers',
  'netConfigDirty',
  'ovnConfigured',
  'software_version',
  'vifDrivers',
  'vif_driver_features',
  'hooks',
] as const

/** The rows of a host are written anew each time, as in the real engine. */
export async function recordCapabilities(
  { store }: { readonly store: Store },
  host: Pick<Host, 'id'>,
  client: { call(method: string, params: object): Promise<unknown> },
): Promise<void> {
  const told = (await client.call('Host.getCapabilities', {})) as Told
  const capabilities = Object.fromEntries(kept.filter((key) => key in told).map((key) => [key, told[key]]))
  await store.transaction(async (tables) => {
    if (!(await tables.hosts.get(host.id))) return
    await forgetCapabilities(tables, host.id)
    await tables.hostCapabilities.insert({ id: host.id, capabilities })
    await recordReportedAttachments(tables, host.id, capabilities)
    for (const [pluginType, bindingHostId] of Object.entries(told.openstack_binding_host_ids ?? {}))
      await tables.hostBindings.insert({
        id: `${host.id}/${pluginType}`,
        hostId: host.id,
        pluginType,
        bindingHostId: String(bindingHostId),
      })
  })
}

export async function forgetCapabilities(tables: Tables, hostId: string): Promise<void> {
  const { hostBindings, hostCapabilities } = tables
  for (const { id } of await hostBindings.find({ hostId })) await hostBindings.remove(id)
  await hostCapabilities.remove(hostId)
}

export const capabilitiesOf = async ({ hostCapabilities }: Tables, hostId: string): Promise<HostCapabilities> =>
  (await hostCapabilities.get(hostId))?.capabilities ?? {}

/** False only when the host tells its networks, and this is none of them. */
export const mayHaveNetwork = ({ networks }: HostCapabilities, vdsmName: string) =>
  networks === undefined || Object.hasOwn(networks, vdsmName)

/** Points where hook scripts connect a vNIC: what they can do is not known. */
const connectingPoints = ['before_device_create', 'before_nic_hotplug']

/** False only when the host tells its drivers, none serves the type, and no script might. */
export function mayServe({ vifDrivers, hooks = {} }: HostCapabilities, pluginType: string): boolean {
  if (vifDrivers === undefined || pluginType === '') return true
  if (connectingPoints.some((point) => Object.keys(hooks[point] ?? {}).length > 0)) return true
  return vifDrivers.some(({ pluginTypes }) => pluginTypes.includes(pluginType))
}
