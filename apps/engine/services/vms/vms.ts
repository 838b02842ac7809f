// VMs: made, changed, started, stopped, suspended, moved, removed.
import { randomUUID } from 'node:crypto'
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { Access } from '../../access/access.ts'
import { ownedByMaker } from '../../access/maker.ts'
import { on } from '../../access/objects.ts'
import { userVmManagerId } from '../../access/predefined-roles.ts'
import type { EventName } from '../../events/event-codes.ts'
import { Fault } from '../../faults.ts'
import { insertNic } from '../../lifecycle/nics/nic-row.ts'
import { removeNics } from '../../lifecycle/nics/remove-nics.ts'
import { migrateVm } from '../../lifecycle/vms/migrate-vm.ts'
import { resumeVm } from '../../lifecycle/vms/resume-vm.ts'
import { runVm } from '../../lifecycle/vms/run-vm.ts'
import { shutdownVm } from '../../lifecycle/vms/shutdown-vm.ts'
import { stopVm } from '../../lifecycle/vms/stop-vm.ts'
import { suspendVm } from '../../lifecycle/vms/suspend-vm.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Workflow } from '../../lifecycle/workflows/workflow.ts'
import type { WorkflowRequest } from '../../lifecycle/workflows/workflow-runner.ts'
import { blankTemplateId } from '../../store/entities/templates.ts'
import type { Vm, VmStatus } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'
import type { RowQuery } from '../../store/table.ts'
import { existing, referenced, refuseUsedName } from '../names.ts'
import { nicsFrom } from './templates.ts'
import { changedVm, newVm, type VmRequest } from './vm-requests.ts'

type Reference = { readonly id?: string; readonly name?: string }

export interface StartRequest {
  /** The only one that will do. */
  readonly host: Reference | undefined
  /** Its CPUs do not run until it is started again. */
  readonly isPaused: boolean
}

export interface VmService {
  list(wanted: RowQuery): Promise<Vm[]>
  get(id: string): Promise<Vm>
  add(request: VmRequest): Promise<Vm>
  edit(id: string, request: VmRequest): Promise<Vm>
  remove(id: string): Promise<void>
  /** Also goes on with one that is suspended or paused. */
  start(id: string, request: StartRequest): Promise<void>
  /** Pulls the plug; of a suspended VM the saved state is given up. */
  stop(id: string): Promise<void>
  /** Asks the guest; resolves when it was asked. */
  shutdown(id: string): Promise<void>
  reboot(id: string): Promise<void>
  suspend(id: string): Promise<void>
  migrate(id: string, host: Reference | undefined): Promise<void>
  /** Who asked for the migration is told that it failed. */
  cancelMigration(id: string): Promise<void>
}

const running: readonly VmStatus[] = ['up', 'powering_up', 'paused', 'powering_down', 'reboot_in_progress', 'unknown']
const answering: readonly VmStatus[] = ['up', 'powering_up', 'powering_down', 'reboot_in_progress']

export function createVmService(parts: Parts, access: Access): VmService {
  const { store, workflows, events, hosts } = parts
  const get = (id: string) => existing(store.vms, 'VM', id)

  async function vmThatIs(allowed: readonly VmStatus[], id: string, action: string): Promise<Vm> {
    const vm = await get(id)
    if (!allowed.includes(vm.status))
      throw new Fault('ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', { action, vm: vm.name, status: vm.status })
    return vm
  }

  const hostIdOf = async (host: Reference | undefined) => host && (await referenced(store.hosts, 'Host', host)).id

  /**
   * Does it, and tells how it went. `done` and `failed`: the event and its text, to which the reason is added; `host` is
   * where the VM runs then.
   */
  const carryOut = <State extends { readonly hostId?: string; readonly destinationId?: string }>(
    vm: Vm,
    workflow: Workflow<State, Parts>,
    state: State,
    request: WorkflowRequest<State>,
    [done, text]: readonly [EventName, (host: string) => string],
    failed: readonly [EventName, string],
  ): Promise<State> =>
    events.about({ vm }).tellFailure(...failed, () =>
      workflows.start(workflow, state, {
        ...request,
        of: vm.name,
        async record({ hostId, destinationId = hostId }, tables) {
          const host = await tables.hosts.get(destinationId ?? '')
          await events.about({ vm, host }).record(tables, done, text(host?.name ?? ''))
        },
      }),
    )

  async function run(vm: Vm, wantedHostId: string | undefined, isPaused: boolean): Promise<void> {
    const action = 'run VM'
    const check = async () => {
      const { savedState, savedOn } = await vmThatIs(['down', 'suspended'], vm.id, action)
      // The state is on the host that saved it.
      return savedState === '' ? {} : { savedState, wantedHostId: wantedHostId ?? savedOn }
    }
    await carryOut(
      vm,
      runVm,
      { vmId: vm.id, wantedHostId, isPaused },
      { action, check },
      ['USER_RUN_VM', (host) => `VM ${vm.name} started on host ${host}.`],
      ['USER_FAILED_RUN_VM', `Failed to run VM ${vm.name}`],
    )
  }

  async function resume(vm: Vm): Promise<void> {
    const action = 'resume VM'
    const check = async () => ({ hostId: (await vmThatIs(['paused'], vm.id, action)).hostId })
    await carryOut(
      vm,
      resumeVm,
      { vmId: vm.id, hostId: vm.hostId },
      { action, check },
      ['USER_RESUME_VM', () => `VM ${vm.name} was resumed.`],
      ['USER_FAILED_RESUME_VM', `Failed to resume VM ${vm.name}`],
    )
  }

  async function giveUpSavedState(vm: Vm): Promise<void> {
    const action = 'stop VM'
    await parts.locks.during([`vm:${vm.id}`], action, async () => {
      await vmThatIs(['suspended'], vm.id, action)
      await store.vms.update(vm.id, { status: 'down', savedState: '', savedOn: '' })
    })
    await events.about({ vm }).tell('USER_STOP_SUSPENDED_VM', `VM ${vm.name} was stopped: its saved state is given up.`)
  }

  async function askGuest(id: string, reboot: boolean): Promise<void> {
    const action = reboot ? 'reboot VM' : 'shut down VM'
    const vm = await get(id)
    const check = async () => ({ hostId: (await vmThatIs(answering, id, action)).hostId })
    await carryOut(
      vm,
      shutdownVm,
      { vmId: id, hostId: vm.hostId, reboot },
      { action, check },
      reboot
        ? ['USER_REBOOT_VM', () => `VM ${vm.name} is rebooted.`]
        : ['USER_INITIATED_SHUTDOWN_VM', () => `VM ${vm.name} is shut down.`],
      [reboot ? 'USER_FAILED_REBOOT_VM' : 'USER_FAILED_SHUTDOWN_VM', `Failed to ${action} ${vm.name}`],
    )
  }

  return {
    list: (wanted) => store.vms.select(wanted),
    get,
    async add(request) {
      const rights = await access.current()
      const made = await store.transaction(async (tables) => {
        const blank = { id: blankTemplateId }
        const template = await referenced(tables.templates, 'Template', request.template ?? blank)
        const draft = newVm(request, template)
        const { id: clusterId } = await referenced(tables.clusters, 'Cluster', request.cluster)
        await refuseUsedName(tables.vms, draft.name, 'add VM')
        const vm: Vm = { ...draft, id: randomUUID(), clusterId }
        await tables.vms.insert(vm)
        await ownedByMaker(tables, rights, userVmManagerId, on('cluster', clusterId), on('vm', vm.id))
        for (const nic of await nicsFrom(tables, template.id, vm.id)) await insertNic(tables, nic)
        return vm
      })
      await events.about({ vm: made }).tell('USER_ADD_VM', `VM ${made.name} was created.`)
      return made
    },
    async edit(id, request) {
      const action = 'update VM'
      const { name } = await get(id)
      const update = () =>
        store.transaction(async (tables) => {
          const before = await existing(tables.vms, 'VM', id)
          const after = changedVm(before, request)
          if (after.name !== before.name) await refuseUsedName(tables.vms, after.name, action)
          await tables.vms.update(id, after)
          await events.about({ vm: after }).record(tables, 'USER_UPDATE_VM', `VM ${after.name} was updated.`)
        })
      await events
        .about({ vm: { id, name } })
        .tellFailure('USER_FAILED_UPDATE_VM', `Failed to update VM ${name}`, () =>
          parts.locks.during([`vm:${id}`], action, update, { isBrief: true }),
        )
      return get(id)
    },
    async remove(id) {
      const action = 'remove VM'
      const check = async () => {
        const vm = await vmThatIs(['down'], id, action)
        if ((await store.snapshots.find({ vmId: id, type: 'preview' })).length > 0)
          throw new Fault('ACTION_TYPE_FAILED_VM_IN_PREVIEW', { action, vm: vm.name })
        return { vm, nics: await store.nics.find({ vmId: id }) }
      }
      const vm = await get(id)
      const record = (_: unknown, tables: Tables) =>
        events.about({ vm }).record(tables, 'USER_REMOVE_VM_FINISHED', `VM ${vm.name} was removed.`)
      await workflows.start(removeNics, { vmId: id, nics: [], vm }, { action, of: vm.name, check, record })
    },
    async start(id, { host, isPaused }) {
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      if (vm.status === 'paused') await resume(vm)
      else await run(vm, wantedHostId, isPaused)
    },
    async stop(id) {
      const action = 'stop VM'
      const vm = await get(id)
      if (vm.status === 'suspended') return giveUpSavedState(vm)
      const check = async () => ({ hostId: (await vmThatIs(running, id, action)).hostId })
      await carryOut(
        vm,
        stopVm,
        { vmId: id, hostId: vm.hostId },
        { action, check },
        ['USER_STOP_VM', () => `VM ${vm.name} was stopped.`],
        ['USER_FAILED_STOP_VM', `Failed to stop VM ${vm.name}`],
      )
    },
    shutdown: (id) => askGuest(id, false),
    reboot: (id) => askGuest(id, true),
    async suspend(id) {
      const action = 'suspend VM'
      const vm = await get(id)
      const savedState = Array.from({ length: 6 }, () => randomUUID()).join()
      const check = async () => ({ hostId: (await vmThatIs(['up', 'powering_up'], id, action)).hostId })
      await carryOut(
        vm,
        suspendVm,
        { vmId: id, hostId: vm.hostId, savedState },
        { action, check },
        ['USER_SUSPEND_VM_OK', () => `VM ${vm.name} was suspended.`],
        ['USER_FAILED_SUSPEND_VM', `Failed to suspend VM ${vm.name}`],
      )
    },
    async migrate(id, host) {
      const action = 'migrate VM'
      const vm = await get(id)
      const wantedHostId = await hostIdOf(host)
      const check = async () => ({ sourceId: (await vmThatIs(['up'], id, action)).hostId })
      await carryOut(
        vm,
        migrateVm,
        { vmId: id, sourceId: vm.hostId, wantedHostId },
        { action, check },
        ['VM_MIGRATION_DONE', (host) => `Migration of VM ${vm.name} to host ${host} completed.`],
        ['VM_MIGRATION_FAILED', `Migration of VM ${vm.name} failed`],
      )
    },
    async cancelMigration(id) {
      const action = 'cancel migration'
      const vm = await get(id)
      const refusal = new Fault('CANNOT_CANCEL_MIGRATION_WHEN_VM_IS_NOT_MIGRATING', { action, vm: vm.name })
      if (vm.status !== 'migrating') throw refusal
      await events
        .about({ vm })
        .tellFailure('VM_CANCEL_MIGRATION_FAILED', `Failed to cancel the migration of VM ${vm.name}`, () =>
          hosts.call(vm.hostId, 'VM.migrateCancel', { vmID: id }).catch((error) => {
            throw isOver(error) ? refusal : error
          }),
        )
      await events.about({ vm }).tell('VM_CANCEL_MIGRATION', `Migration of VM ${vm.name} was cancelled.`)
    },
  }
}

const isOver = (error: unknown) => error instanceof VdsmError && error.code === vdsmErrors.MigrationNotInProgress.code
