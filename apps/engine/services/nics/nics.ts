// vNICs: added, changed, plugged, unplugged, removed. Work on different vNICs of a running VM goes side by side; all else
// excludes each other.
import { Fault } from '../../faults.ts'
import { insertNic } from '../../lifecycle/nics/nic-row.ts'
import { plugNic } from '../../lifecycle/nics/plug-nic.ts'
import { removeNics } from '../../lifecycle/nics/remove-nics.ts'
import { unplugNic } from '../../lifecycle/nics/unplug-nic.ts'
import { leftBehind, updateNic } from '../../lifecycle/nics/update-nic.ts'
import { isSynced } from '../../lifecycle/nics/wiring.ts'
import { isLive } from '../../lifecycle/vms/vm-status.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Nic, Vm, VmStatus } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import { existing } from '../names.ts'
import { changedNic, type NicRequest, newNic } from './nic-requests.ts'
import { refuseHotUpdate, refuseMacPluggedElsewhere, refuseMissingOnHost, refusePluggedUnlinked } from './nic-rules.ts'

export interface NicService {
  list(vmId: string): Promise<ShownNic[]>
  get(vmId: string, id: string): Promise<ShownNic>
  /** On a running VM, a NIC that is to be plugged is plugged at once; if that fails it is not added. */
  add(vmId: string, request: NicRequest): Promise<ShownNic>
  /** All of the change or nothing: also what a running VM's host has to do for it. */
  edit(vmId: string, id: string, request: NicRequest): Promise<ShownNic>
  plug(vmId: string, id: string): Promise<void>
  unplug(vmId: string, id: string): Promise<void>
  remove(vmId: string, id: string): Promise<void>
}

export type ShownNic = Nic & {
  /** Its host wires it as its profile and network say now. */
  readonly synced: boolean
}

/** In these a vNIC is added or changed. */
const changeable: readonly VmStatus[] = ['down', 'up']
/** In these it is plugged or unplugged: by its host where the VM is up, else by the flag. */
const pluggable: readonly VmStatus[] = ['down', 'up', 'powering_up', 'powering_down']

export function createNicService(parts: Parts): NicService {
  const { store, workflows, events, locks } = parts

  async function rowOf(vmId: string, id: string): Promise<Nic> {
    const nic = await existing(store.nics, 'vNIC', id)
    if (nic.vmId !== vmId) throw new Fault('NOT_FOUND', { what: 'vNIC', id })
    return nic
  }

  const shown = async (nic: Nic, { status }: Vm): Promise<ShownNic> => ({
    ...nic,
    synced: await isSynced(parts, nic, status !== 'down' && status !== 'suspended'),
  })

  async function get(vmId: string, id: string): Promise<ShownNic> {
    return shown(await rowOf(vmId, id), await existing(store.vms, 'VM', vmId))
  }

  /** The VM, if a vNIC of it may be plugged now. Asked again once its lock is held. */
  async function pluggableVm(vmId: string, action: string, allowed = pluggable): Promise<Vm> {
    const vm = await existing(store.vms, 'VM', vmId)
    if (!allowed.includes(vm.status))
      throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
    return vm
  }

  async function changeableVm(vmId: string, action: string, allowed = changeable): Promise<Vm> {
    const vm = await existing(store.vms, 'VM', vmId)
    if (!allowed.includes(vm.status))
      throw new Fault('NETWORK_CANNOT_ADD_INTERFACE_WHEN_VM_STATUS_NOT_UP_DOWN_LOCKED', {
        action,
        vm: vm.name,
        status: vm.status,
      })
    return vm
  }

  /** `hostId`: where it is to be plugged; '' when the VM runs nowhere. */
  async function refuseUnpluggable(nic: Nic, hostId: string, action: string): Promise<void> {
    await refuseMacPluggedElsewhere(store, nic, action)
    if (hostId !== '') await refuseMissingOnHost(store, nic, hostId, action)
  }

  /** By the flag alone: no host has to do anything. */
  function setFlag({ id: vmId, status }: Vm, nic: Nic, plugged: boolean, action: string): Promise<void> {
    const work = async () => {
      await pluggableVm(vmId, action, [status])
      if (plugged) await refuseUnpluggable(nic, '', action)
      await store.nics.update(nic.id, { plugged })
    }
    return locks.during([`vm:${vmId}`], action, work, { isBrief: true })
  }

  /** Hot: the host of the running VM does it. `isNew`: the vNIC is not written down yet, and is only with its plug. */
  async function setPlugged(vm: Vm, nic: Nic, plugged: boolean, isNew = false): Promise<void> {
    const action = plugged ? 'activate Interface' : 'deactivate Interface'
    const check = async () => {
      const { hostId } = await pluggableVm(vm.id, action, ['up', 'powering_up'])
      if (plugged) await refuseUnpluggable(nic, hostId, action)
      return { hostId }
    }
    const record = async (_: unknown, tables: Tables) => {
      await recordPlug(tables, vm, nic, plugged)
      if (isNew) await recordAdded(tables, vm, nic)
    }
    const known = { vmId: vm.id, nicId: nic.id, hostId: vm.hostId }
    const request = { action, of: named(nic, vm), check, record }
    await tellingPlugFailure(vm, nic, plugged, () =>
      plugged
        ? workflows.start(plugNic, { ...known, ...(isNew && { added: nic }) }, request)
        : workflows.start(unplugNic, known, request),
    )
  }

  const plugEvent = (plugged: boolean) =>
    plugged ? 'NETWORK_ACTIVATE_VM_INTERFACE' : 'NETWORK_DEACTIVATE_VM_INTERFACE'

  const tellingPlugFailure = (vm: Vm, nic: Nic, plugged: boolean, work: () => Promise<unknown>) =>
    events
      .about({ vm })
      .tellFailure(
        `${plugEvent(plugged)}_FAILURE`,
        `Failed to ${plugged ? 'plug' : 'unplug'} vNIC ${nic.name} of VM ${vm.name}`,
        work,
      )

  const recordPlug = (tables: Tables, vm: Vm, nic: Nic, plugged: boolean) =>
    events
      .about({ vm })
      .record(
        tables,
        `${plugEvent(plugged)}_SUCCESS`,
        `vNIC ${nic.name} of VM ${vm.name} was ${plugged ? 'plugged' : 'unplugged'}.`,
      )

  const recordAdded = (tables: Tables, vm: Vm, nic: Nic) =>
    events.about({ vm }).record(tables, 'NETWORK_ADD_VM_INTERFACE', `vNIC ${nic.name} was added to VM ${vm.name}.`)

  /** With the locks held: the vNIC as it is now, and as it will be. */
  async function checkedUpdate(vm: Vm, id: string, request: NicRequest, action: string) {
    const before = await rowOf(vm.id, id)
    const after = changedNic(before, request)
    const { hostId } = await changeableVm(vm.id, action, [vm.status])
    await refusePluggedUnlinked(store, after, action)
    if (vm.status === 'up') await refuseHotUpdate(store, before, after, action)
    if (after.plugged && !before.plugged) await refuseUnpluggable(after, hostId, action)
    if (vm.status === 'up' && after.plugged && after.profileId !== before.profileId)
      await refuseMissingOnHost(store, after, hostId, action)
    return { before, after, hostId, left: await leftBehind(store, before, after) }
  }

  return {
    async list(vmId) {
      const vm = await existing(store.vms, 'VM', vmId)
      return Promise.all((await store.nics.find({ vmId })).map((nic) => shown(nic, vm)))
    },
    get,
    async add(vmId, request) {
      const action = 'add Interface'
      const vm = await changeableVm(vmId, action)
      const plugged = request.plugged ?? true
      const draft = newNic(vm.id, request)
      await refusePluggedUnlinked(store, { ...draft, plugged }, action)
      const nic = { ...draft, plugged: plugged && vm.status === 'down' }
      const insert = async () => {
        await changeableVm(vmId, action, [vm.status])
        await store.transaction(async (tables) => {
          await insertNic(tables, nic)
          await recordAdded(tables, vm, nic)
        })
      }
      await events
        .about({ vm })
        .tellFailure('NETWORK_ADD_VM_INTERFACE_FAILED', `Failed to add vNIC ${nic.name} to VM ${vm.name}`, () =>
          plugged && vm.status === 'up'
            ? setPlugged(vm, nic, true, true)
            : locks.during([`vm:${vmId}`], action, insert, { isBrief: true }),
        )
      return get(vmId, nic.id)
    },
    async edit(vmId, id, request) {
      const action = 'edit Interface'
      const vm = await changeableVm(vmId, action)
      const before = await rowOf(vmId, id)
      const after = changedNic(before, request)
      const check = () => checkedUpdate(vm, id, request, action)
      const isPlug = vm.status === 'up' && before.plugged !== after.plugged
      const record = async (_: unknown, tables: Tables) => {
        if (isPlug) await recordPlug(tables, vm, after, after.plugged)
        await events
          .about({ vm })
          .record(tables, 'NETWORK_UPDATE_VM_INTERFACE', `vNIC ${after.name} of VM ${vm.name} was updated.`)
      }
      const state = { vmId, before, after, hostId: vm.hostId }
      const update = () => workflows.start(updateNic, state, { action, of: named(before, vm), check, record })
      const failure = `Failed to update vNIC ${before.name} of VM ${vm.name}`
      await events
        .about({ vm })
        .tellFailure('NETWORK_UPDATE_VM_INTERFACE_FAILED', failure, () =>
          isPlug ? tellingPlugFailure(vm, after, after.plugged, update) : update(),
        )
      return get(vmId, id)
    },
    async plug(vmId, id) {
      const action = 'activate Interface'
      const vm = await pluggableVm(vmId, action)
      const nic = await rowOf(vmId, id)
      if (nic.plugged) return
      await refusePluggedUnlinked(store, { ...nic, plugged: true }, action)
      if (isLive(vm.status)) await setPlugged(vm, nic, true)
      else await setFlag(vm, nic, true, action)
    },
    async unplug(vmId, id) {
      const action = 'deactivate Interface'
      const vm = await pluggableVm(vmId, action)
      const nic = await rowOf(vmId, id)
      if (!nic.plugged) return
      if (isLive(vm.status)) await setPlugged(vm, nic, false)
      else await setFlag(vm, nic, false, action)
    },
    async remove(vmId, id) {
      const action = 'remove Interface'
      const vm = await existing(store.vms, 'VM', vmId)
      const nic = await rowOf(vmId, id)
      const check = async () => {
        const { status } = await existing(store.vms, 'VM', vmId)
        const now = await rowOf(vmId, id)
        if (now.plugged && status !== 'down')
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_ACTIVE_DEVICE', { action })
        return { nics: [now] }
      }
      const record = (_: unknown, tables: Tables) =>
        events
          .about({ vm })
          .record(tables, 'NETWORK_REMOVE_VM_INTERFACE', `vNIC ${nic.name} was removed from VM ${vm.name}.`)
      await workflows.start(removeNics, { vmId, nics: [] }, { action, of: named(nic, vm), check, record })
    },
  }
}

/** To people: names of vNICs are those of one VM. */
const named = (nic: Nic, vm: Vm) => `${nic.name} of VM ${vm.name}`
