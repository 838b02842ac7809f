// What is done to VMs as they are: started, stopped, asked to end, suspended, moved.
import { randomUUID } from 'node:crypto'
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { EventName } from '../../events/event-codes.ts'
import { Fault } from '../../faults.ts'
import { migrateVm } from '../../lifecycle/vms/migrate-vm.ts'
import { resumeVm } from '../../lifecycle/vms/resume-vm.ts'
import { runVm } from '../../lifecycle/vms/run-vm.ts'
import { shutdownVm } from '../../lifecycle/vms/shutdown-vm.ts'
import { stopVm } from '../../lifecycle/vms/stop-vm.ts'
import { suspendVm } from '../../lifecycle/vms/suspend-vm.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Workflow } from '../../lifecycle/workflows/workflow.ts'
import type { WorkflowRequest } from '../../lifecycle/workflows/workflow-runner.ts'
import type { Vm, VmStatus } from '../../store/entities/vms.ts'
import { existing, referenced } from '../names.ts'
import { vmThatIs } from './vm-that-is.ts'

type Reference = { readonly id?: string; readonly name?: string }

export interface StartRequest {
  /** The only one that will do. */
  readonly host: Reference | undefined
  /** Its CPUs do not run until it is started again. */
  readonly isPaused: boolean
}

export interface VmActions {
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

export function createVmActions(parts: Parts): VmActions {
  const { store, workflows, events, hosts } = parts
  const get = (id: string) => existing(store.vms, 'VM', id)
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
      const { savedState, savedOn } = await vmThatIs(store, ['down', 'suspended'], vm.id, action)
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
    const check = async () => ({ hostId: (await vmThatIs(store, ['paused'], vm.id, action)).hostId })
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
      await vmThatIs(store, ['suspended'], vm.id, action)
      await store.vms.update(vm.id, { status: 'down', savedState: '', savedOn: '' })
    })
    await events.about({ vm }).tell('USER_STOP_SUSPENDED_VM', `VM ${vm.name} was stopped: its saved state is given up.`)
  }

  async function askGuest(id: string, reboot: boolean): Promise<void> {
    const action = reboot ? 'reboot VM' : 'shut down VM'
    const vm = await get(id)
    const check = async () => ({ hostId: (await vmThatIs(store, answering, id, action)).hostId })
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
      const check = async () => ({ hostId: (await vmThatIs(store, running, id, action)).hostId })
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
      const check = async () => ({ hostId: (await vmThatIs(store, ['up', 'powering_up'], id, action)).hostId })
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
      const check = async () => ({ sourceId: (await vmThatIs(store, ['up'], id, action)).hostId })
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
