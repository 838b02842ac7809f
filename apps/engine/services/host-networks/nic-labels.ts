// Labels of a host's interface, one by one.
import type { EventLog } from '../../events/event-log.ts'
import { Fault } from '../../faults.ts'
import type { Store } from '../../store/store.ts'
import { checkedLabel } from '../networks/checked-label.ts'
import { type HostNetworking, networkingOf } from './host-networking.ts'
import type { HostNetworkService } from './host-networks.ts'

/** The id is the label. */
export interface ShownNicLabel {
  readonly id: string
  readonly hostId: string
  readonly nicName: string
}

export interface NicLabelService {
  list(hostId: string, nicId: string): Promise<ShownNicLabel[]>
  get(hostId: string, nicId: string, label: string): Promise<ShownNicLabel>
  /** The networks of the cluster that have it are attached to the interface along with it. */
  add(hostId: string, nicId: string, label: string | undefined): Promise<ShownNicLabel>
  /** And they are detached. */
  remove(hostId: string, nicId: string, label: string): Promise<void>
}

const action = 'add Label'

export function createNicLabelService(
  store: Store,
  events: EventLog,
  hostNetworks: Pick<HostNetworkService, 'setUp'>,
): NicLabelService {
  async function list(hostId: string, nicId: string): Promise<ShownNicLabel[]> {
    const networking = await networkingOf(store, hostId)
    const nicName = nicNameOf(networking, nicId)
    return networking.labels
      .filter((each) => each.nicName === nicName)
      .map(({ label }) => ({ id: label, hostId, nicName }))
  }

  async function get(hostId: string, nicId: string, label: string): Promise<ShownNicLabel> {
    const found = (await list(hostId, nicId)).find(({ id }) => id === label)
    if (!found) throw new Fault('NOT_FOUND', { what: 'Network label', id: label })
    return found
  }

  return {
    list,
    get,
    async add(hostId, nicId, given) {
      const label = checkedLabel(given)
      const { host, labels, ...networking } = await networkingOf(store, hostId)
      const nic = nicNameOf(networking, nicId)
      const told = events.about({ host })
      const what = `Network interface card ${nic} was labeled ${label} on host ${host.name}`
      await told.tellFailure('LABEL_NIC_FAILED', `${what}: this failed`, async () => {
        const other = labels.find((each) => each.label === label)?.nicName
        if (other === nic) throw new Fault('INTERFACE_ALREADY_LABELED', { action, nic, label })
        if (other !== undefined) throw new Fault('OTHER_INTERFACE_ALREADY_LABELED', { action, nic: other, label })
        await hostNetworks.setUp(hostId, { modified_labels: [{ id: label, host_nic: { id: nicId } }], ...checked })
      })
      await told.tell('LABEL_NIC', `${what}.`)
      return { id: label, hostId, nicName: nic }
    },
    async remove(hostId, nicId, label) {
      const { nicName } = await get(hostId, nicId, label)
      const host = (await store.hosts.get(hostId))!
      const told = events.about({ host })
      const what = `Network interface card ${nicName} on host ${host.name} was unlabeled ${label}`
      await told.tellFailure('UNLABEL_NIC_FAILED', `${what}: this failed`, () =>
        hostNetworks.setUp(hostId, { removed_labels: [{ id: label }], ...checked }),
      )
      await told.tell('UNLABEL_NIC', `${what}.`)
    },
  }
}

const checked = { check_connectivity: true }

function nicNameOf({ nics }: Pick<HostNetworking, 'nics'>, id: string): string {
  const nic = nics.find((each) => each.id === id)
  if (!nic) throw new Fault('NOT_FOUND', { what: 'Host network interface', id })
  return nic.name
}
