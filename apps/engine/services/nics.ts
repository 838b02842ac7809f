// vNICs: added, plugged, unplugged, removed. All of it while nobody else is at work on the VM.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { nicType } from '@patchbay/ovirt-api/types/vms.ts'
import { Fault } from '../faults.ts'
import { insertNic } from '../lifecycle/insert-nic.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { type PlugNicState, plugNic } from '../lifecycle/plug-nic.ts'
import { removeNics } from '../lifecycle/remove-nics.ts'
import { unplugNic } from '../lifecycle/unplug-nic.ts'
import type { Nic, Vm, VmStatus } from '../store/entities/vms.ts'
import { freeMac } from './mac-addresses.ts'
import { checkedName, existing } from './names.ts'

export type NicRequest = ResourceOf<typeof nicType>

export interface NicService {
  list(vmId: string): Promise<Nic[]>
  get(vmId: string, id: string): Promise<Nic>
  /** On a running VM, a NIC that is to be plugged is plugged at once; if that fails it is not added. */
  add(vmId: string, request: NicRequest): Promise<Nic>
  plug(vmId: string, id: string): Promise<void>
  unplug(vmId: string, id: string): Promise<void>
  remove(vmId: string, id: string): Promise<void>
}

export function createNicService(parts: Parts): NicService {
  const { store, workflows, events, locks } = parts

  async function get(vmId: string, id: string): Promise<Nic> {
    const nic = await existing(store.nics, 'vNIC', id)
    if (nic.vmId !== vmId) throw new Fault('NOT_FOUND', { what: 'vNIC', id })
    return nic
  }

  /** The VM, if it is in one of these states. Asked again once its lock is held. */
  async function vmThatIs(allowed: readonly VmStatus[], vmId: string, action: string): Promise<Vm> {
    const vm = await existing(store.vms, 'VM', vmId)
    if (!allowed.includes(vm.status))
      throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
    return vm
  }

  function whileDown<Result>(vmId: string, action: string, work: () => Promise<Result>): Promise<Result> {
    return locks.during([`vm:${vmId}`], action, async () => {
      await vmThatIs(['down'], vmId, action)
      return work()
    })
  }

  /** Hot: the host of the running VM does it. */
  async function setPlugged(vm: Vm, nic: Nic, plugged: boolean, state: Partial<PlugNicState> = {}): Promise<void> {
    const action = plugged ? 'plug vNIC' : 'unplug vNIC'
    const name = plugged ? 'NETWORK_ACTIVATE_VM_INTERFACE' : 'NETWORK_DEACTIVATE_VM_INTERFACE'
    const check = async () => ({ hostId: (await vmThatIs(['up'], vm.id, action)).hostId })
    const known = { ...state, vmId: vm.id, nicId: nic.id, hostId: vm.hostId }
    try {
      await (plugged
        ? workflows.start(plugNic, known, { action, check })
        : workflows.start(unplugNic, known, { action, check }))
      await events.tell(
        `${name}_SUCCESS`,
        `vNIC ${nic.name} of VM ${vm.name} was ${plugged ? 'plugged' : 'unplugged'}.`,
      )
    } catch (error) {
      await events.tell(
        `${name}_FAILURE`,
        `Failed to ${action} ${nic.name} of VM ${vm.name}: ${(error as Error).message}`,
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
    async add(vmId, request) {
      const action = 'add vNIC'
      const vm = await vmThatIs(['down', 'up'], vmId, action)
      const plugged = request.plugged ?? true
      const draft = await newNic(parts, vm, request)
      if (plugged) refuseUnlinked(draft, action)
      const nic = { ...draft, plugged: plugged && vm.status === 'down' }
      if (plugged && vm.status === 'up') await setPlugged(vm, nic, true, { added: nic })
      else
        await locks.during([`vm:${vmId}`], action, async () => {
          await vmThatIs([vm.status], vmId, action)
          await store.transaction((tables) => insertNic(tables, nic))
        })
      await events.tell('NETWORK_ADD_VM_INTERFACE', `vNIC ${nic.name} was added to VM ${vm.name}.`)
      return get(vmId, nic.id)
    },
    async plug(vmId, id) {
      const action = 'plug vNIC'
      const vm = await vmThatIs(['down', 'up'], vmId, action)
      const nic = await get(vmId, id)
      if (nic.plugged) return
      refuseUnlinked(nic, action)
      if (vm.status === 'up') await setPlugged(vm, nic, true)
      else await whileDown(vmId, action, () => store.nics.update(id, { plugged: true }))
    },
    async unplug(vmId, id) {
      const action = 'unplug vNIC'
      const vm = await vmThatIs(['down', 'up'], vmId, action)
      const nic = await get(vmId, id)
      if (!nic.plugged) return
      if (vm.status === 'up') await setPlugged(vm, nic, false)
      else await whileDown(vmId, action, () => store.nics.update(id, { plugged: false }))
    },
    async remove(vmId, id) {
      const action = 'remove vNIC'
      const vm = await existing(store.vms, 'VM', vmId)
      const { name } = await get(vmId, id)
      const check = async () => {
        const { status } = await existing(store.vms, 'VM', vmId)
        const nic = await get(vmId, id)
        if (nic.plugged && status !== 'down')
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE', { action })
        return { nics: [nic] }
      }
      await workflows.start(removeNics, { vmId, nics: [] }, { action, check })
      await events.tell('NETWORK_REMOVE_VM_INTERFACE', `vNIC ${name} was removed from VM ${vm.name}.`)
    },
  }
}

/** A port has no such state: as the real engine does, a vNIC of an external network is plugged and linked, or neither. */
function refuseUnlinked({ linked, profileId }: Nic, action: string): void {
  if (!linked && profileId !== '')
    throw new Fault('PLUGGED_UNLINKED_VM_INTERFACE_WITH_EXTERNAL_NETWORK_IS_NOT_SUPPORTED', { action })
}

async function newNic({ store }: Parts, vm: Vm, request: NicRequest): Promise<Nic> {
  const wanted = request.mac?.address?.toLowerCase()
  if (wanted !== undefined && !/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(wanted))
    throw new Fault('INVALID_VALUE', { reason: `"${wanted.slice(0, 40)}" is not a unicast MAC address.` })
  return {
    id: randomUUID(),
    vmId: vm.id,
    name: checkedName(request.name, 'Nic', { max: 50 }),
    mac: wanted ?? (await freeMac(store)),
    model: request.interface ?? 'virtio',
    linked: request.linked ?? true,
    plugged: false,
    hasPort: false,
    profileId: profileIdIn(request),
  }
}

/** '' for a NIC on no network. */
function profileIdIn({ vnic_profile: profile }: NicRequest): string {
  // Names of profiles are only unique within their network.
  if (profile?.name !== undefined && profile.id === undefined)
    throw new Fault('INCOMPLETE_PARAMETERS', { what: 'VnicProfile [id]', action: 'add' })
  return profile?.id ?? ''
}
