// vNICs: added, plugged, unplugged, removed.
import { randomBytes, randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { nicType } from '@patchbay/ovirt-api/types.ts'
import { Fault } from '../faults.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { plugNic } from '../lifecycle/plug-nic.ts'
import { removeNics } from '../lifecycle/remove-nics.ts'
import { unplugNic } from '../lifecycle/unplug-nic.ts'
import type { Nic, Vm, VmStatus } from '../store/entities.ts'
import type { Tables } from '../store/store.ts'
import { checkedName, existing } from './names.ts'

export type NicRequest = ResourceOf<typeof nicType>

export interface NicService {
  list(vmId: string): Promise<Nic[]>
  get(vmId: string, id: string): Promise<Nic>
  /** On a running VM, a NIC that is to be plugged is plugged at once; if that fails it is not added. */
  add(vmId: string, request: NicRequest, correlationId: string): Promise<Nic>
  plug(vmId: string, id: string, correlationId: string): Promise<void>
  unplug(vmId: string, id: string, correlationId: string): Promise<void>
  remove(vmId: string, id: string, correlationId: string): Promise<void>
}

export function createNicService(parts: Parts): NicService {
  const { store, workflows, events } = parts

  async function get(vmId: string, id: string): Promise<Nic> {
    const nic = await existing(store.nics, 'vNIC', id)
    if (nic.vmId !== vmId) throw new Fault('NOT_FOUND', { what: 'vNIC', id })
    return nic
  }

  async function setPlugged(vm: Vm, nic: Nic, plugged: boolean, correlationId: string): Promise<void> {
    const action = plugged ? 'plug vNIC' : 'unplug vNIC'
    if (vm.status === 'down') return void (await store.nics.update(nic.id, { plugged }))
    const name = plugged ? 'NETWORK_ACTIVATE_VM_INTERFACE' : 'NETWORK_DEACTIVATE_VM_INTERFACE'
    const state = { vmId: vm.id, nicId: nic.id, hostId: vm.hostId }
    const request = {
      action,
      correlationId,
      check: async () => refuseStatus(await existing(store.vms, 'VM', vm.id), action, ['up']),
    }
    try {
      await (plugged ? workflows.start(plugNic, state, request) : workflows.start(unplugNic, state, request))
      await events.tell(
        `${name}_SUCCESS`,
        `vNIC ${nic.name} of VM ${vm.name} was ${plugged ? 'plugged' : 'unplugged'}.`,
        correlationId,
      )
    } catch (error) {
      await events.tell(
        `${name}_FAILURE`,
        `Failed to ${action} ${nic.name} of VM ${vm.name}: ${(error as Error).message}`,
        correlationId,
      )
      throw error
    }
  }

  return {
    async list(vmId) {
      await existing(store.vms, 'VM', vmId)
      return store.nics.find({ vmId })
    },
    get,
    async add(vmId, request, correlationId) {
      const action = 'add vNIC'
      const vm = await existing(store.vms, 'VM', vmId)
      refuseStatus(vm, action, ['down', 'up'])
      const { plugged = true } = request
      const nic = await insertNic(parts, vm, request, plugged && vm.status === 'down')
      try {
        if (plugged && vm.status === 'up') await setPlugged(vm, nic, true, correlationId)
      } catch (error) {
        await store.nics.remove(nic.id)
        throw error
      }
      await events.tell('NETWORK_ADD_VM_INTERFACE', `vNIC ${nic.name} was added to VM ${vm.name}.`, correlationId)
      return get(vmId, nic.id)
    },
    async plug(vmId, id, correlationId) {
      const vm = await existing(store.vms, 'VM', vmId)
      const nic = await get(vmId, id)
      refuseStatus(vm, 'plug vNIC', ['down', 'up'])
      if (nic.plugged) return
      if (!nic.linked && nic.profileId !== '')
        throw new Fault('PLUGGED_UNLINKED_VM_INTERFACE_WITH_EXTERNAL_NETWORK_IS_NOT_SUPPORTED', { action: 'plug vNIC' })
      await setPlugged(vm, nic, true, correlationId)
    },
    async unplug(vmId, id, correlationId) {
      const vm = await existing(store.vms, 'VM', vmId)
      const nic = await get(vmId, id)
      refuseStatus(vm, 'unplug vNIC', ['down', 'up'])
      if (nic.plugged) await setPlugged(vm, nic, false, correlationId)
    },
    async remove(vmId, id, correlationId) {
      const action = 'remove vNIC'
      const vm = await existing(store.vms, 'VM', vmId)
      const nic = await get(vmId, id)
      if (nic.plugged && vm.status !== 'down')
        throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE', { action })
      await workflows.start(removeNics, { vmId, nics: [nic] }, { action, correlationId })
      await events.tell(
        'NETWORK_REMOVE_VM_INTERFACE',
        `vNIC ${nic.name} was removed from VM ${vm.name}.`,
        correlationId,
      )
    },
  }
}

function refuseStatus(vm: Vm, action: string, allowed: readonly VmStatus[]): void {
  if (!allowed.includes(vm.status))
    throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
}

async function insertNic({ store }: Parts, vm: Vm, request: NicRequest, plugged: boolean): Promise<Nic> {
  const action = 'add vNIC'
  const name = checkedName(request.name, 'Nic', { max: 50 })
  const wanted = request.mac?.address?.toLowerCase()
  if (wanted !== undefined && !/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(wanted))
    throw new Fault('INVALID_VALUE', { reason: `"${wanted.slice(0, 40)}" is not a unicast MAC address.` })
  return store.transaction(async (tables) => {
    const profileId = await usableProfile(tables, vm, request.vnic_profile?.id)
    if ((await tables.nics.find({ vmId: vm.id, name })).length > 0)
      throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name })
    if (wanted !== undefined && (await tables.nics.find({ mac: wanted })).length > 0)
      throw new Fault('NETWORK_MAC_ADDRESS_IN_USE', { action, mac: wanted })
    const nic: Nic = {
      id: randomUUID(),
      vmId: vm.id,
      name,
      mac: wanted ?? (await freeMac(tables)),
      model: request.interface ?? 'virtio',
      linked: request.linked ?? true,
      plugged,
      profileId,
    }
    await tables.nics.insert(nic)
    return nic
  })
}

/** A profile whose network the VM's cluster has; '' for none. */
async function usableProfile(tables: Tables, vm: Vm, id: string | undefined): Promise<string> {
  if (id === undefined) return ''
  const profile = await existing(tables.vnicProfiles, 'vNIC profile', id)
  const attached = await tables.networkClusters.get(`${profile.networkId}/${vm.clusterId}`)
  if (attached) return profile.id
  const network = await tables.networks.get(profile.networkId)
  throw new Fault('NETWORK_NOT_EXISTS_IN_CURRENT_CLUSTER', {
    action: 'add vNIC',
    name: network?.name ?? profile.networkId,
  })
}

/** From the range of oVirt's default MAC pool. */
async function freeMac(tables: Tables): Promise<string> {
  for (;;) {
    const mac = ['56', '6f', ...randomBytes(4).toString('hex').match(/../g)!].join(':')
    if ((await tables.nics.find({ mac })).length === 0) return mac
  }
}
