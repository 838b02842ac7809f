// Hosts: the engine keeps a connection to the agent of each.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { Fault } from '../faults.ts'
import type { HostConnections } from '../hosts/host-connections.ts'
import type { HostCertificates } from '../pki/host-certificates.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Store } from '../store/store.ts'
import { checkedName, checkedText, existing, referenced, refuseUsedName } from './names.ts'
import { reading, refuseUsed, type ServiceOf } from './service.ts'

const vdsmPort = 54_321

export interface HostService extends ServiceOf<Host, ResourceOf<typeof hostType>> {
  /** Its certificates and tokens are good for nothing any more; connections with them end. */
  revoke(id: string): Promise<void>
}

/** `revoked`: called when a host's certificates have been revoked. */
export function createHostService(
  store: Store,
  connections: HostConnections,
  certificates: HostCertificates,
  revoked: () => Promise<void>,
): HostService {
  const action = 'remove Host'
  return {
    ...reading(store.hosts, 'Host'),
    async add({ name, comment = '', address = '', port = vdsmPort, cluster }) {
      if (address === '') throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Host [address]', action: 'add' })
      if (port < 1 || port > 65_535) throw new Fault('INVALID_VALUE', { reason: `${port} is not a TCP port.` })
      const draft = {
        id: randomUUID(),
        name: checkedName(name, 'Host'),
        comment: checkedText(comment, 'The comment'),
        address,
        port,
      }
      const row = await store.transaction(async ({ clusters, hosts }) => {
        const { id: clusterId } = await referenced(clusters, 'Cluster', cluster)
        await refuseUsedName(hosts, draft.name, 'add Host')
        const host: Host = {
          ...draft,
          clusterId,
          status: 'connecting',
          statusDetail: '',
          reinstallationRequired: false,
        }
        await hosts.insert(host)
        return host
      })
      connections.add(row)
      return row
    },
    async remove(id) {
      await store.transaction(async (tables) => {
        const { driverDeployments, hosts, hostBindings, vms, workflows } = tables
        await existing(hosts, 'Host', id)
        refuseUsed(action, 'VM', [...(await vms.find({ hostId: id })), ...(await vms.find({ savedOn: id }))])
        // A VM may be on its way here.
        const busy = (await workflows.find({})).find(({ state }) => Object.values(state).includes(id))
        if (busy) throw new Fault('RELATED_OPERATION', { action, kind: busy.kind })
        for (const binding of await hostBindings.find({ hostId: id })) await hostBindings.remove(binding.id)
        for (const network of await tables.hostNetworks.find({ hostId: id }))
          await tables.hostNetworks.remove(network.id)
        for (const driver of await driverDeployments.find({ hostId: id })) await driverDeployments.remove(driver.id)
        await certificates.revoke(tables, id)
        await hosts.remove(id)
      })
      await connections.remove(id)
      await revoked()
    },
    async revoke(id) {
      const host = await store.transaction(async (tables) => {
        await certificates.revoke(tables, id)
        return existing(tables.hosts, 'Host', id)
      })
      await connections.remove(id)
      connections.add(host)
      await revoked()
    },
  }
}
