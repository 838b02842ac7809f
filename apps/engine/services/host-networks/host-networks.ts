// The interfaces of hosts and the networks on them: shown, and changed with VDSM's Host.setupNetworks.
import { Fault } from '../../faults.ts'
import type { HostNic } from '../../hosts/host-nics.ts'
import type { SetupOptions } from '../../hosts/setup-parameters.ts'
import { setupHostNetworks } from '../../lifecycle/hosts/setup-host-networks.ts'
import type { Locks } from '../../lifecycle/workflows/locks.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { NetworkAttachment } from '../../store/entities/host-networks.ts'
import type { Host } from '../../store/entities/infrastructure.ts'

import { existing } from '../names.ts'
import type { AttachmentRequest } from './attachment-request.ts'
import { refuseDetachingFromVms } from './detached-networks.ts'
import { attachmentsFollowing, type Following } from './following-attachments.ts'
import { type HostNetworking, networkingOf } from './host-networking.ts'
import type { SetupPlan, SetupRequest } from './plan.ts'
import { setupParameters } from './setup-parameters.ts'
import { attachmentPlan, isNothing, setupPlan } from './setup-plan.ts'
import { isInSync, type ReportedConfiguration, reportedConfigurations } from './sync-state.ts'

export interface ShownAttachment extends NetworkAttachment {
  /** Undefined where the host does not tell of it. */
  readonly nic: HostNic | undefined
  readonly configurations: readonly ReportedConfiguration[]
}

export interface HostNetworkService {
  nics(hostId: string): Promise<HostNetworking>
  attachments(hostId: string, nicId?: string): Promise<ShownAttachment[]>
  attachment(hostId: string, id: string, nicId?: string): Promise<ShownAttachment>
  attach(hostId: string, request: AttachmentRequest): Promise<ShownAttachment>
  edit(hostId: string, id: string, request: AttachmentRequest): Promise<ShownAttachment>
  detach(hostId: string, id: string): Promise<void>
  /** All of it or nothing. */
  setUp(hostId: string, request: SetupRequest): Promise<void>
  /** Networks come, change and go as labels and networks do, in turn with whatever else is done to the host. */
  follow(hostId: string, following: Following): Promise<void>
  /** What it has now comes back after a reboot. */
  commit(hostId: string): Promise<void>
  /** Everything that is not as the engine wants it becomes so. */
  synchronize(hostId: string): Promise<void>
}

const action = 'setup Networks'
/** The real engine's NetworkConnectivityCheckTimeoutInSeconds. */
const usualTimeoutSeconds = 120
const mostTimeoutSeconds = 600

export function createHostNetworkService(parts: Parts): HostNetworkService {
  const { store, workflows, events, hosts, locks } = parts

  const shown = (networking: HostNetworking, attachment: NetworkAttachment): ShownAttachment => ({
    ...attachment,
    nic: networking.nics.find(({ name }) => name === attachment.nicName),
    configurations: reportedConfigurations(networking, attachment),
  })

  async function attachments(hostId: string, nicId?: string): Promise<ShownAttachment[]> {
    const networking = await networkingOf(store, hostId)
    if (nicId !== undefined && !networking.nics.some(({ id }) => id === nicId))
      throw new Fault('NOT_FOUND', { what: 'Host network interface', id: nicId })
    const all = networking.attachments.map((attachment) => shown(networking, attachment))
    return nicId === undefined ? all : all.filter(({ nic }) => nic?.id === nicId)
  }

  async function attachment(hostId: string, id: string, nicId?: string): Promise<ShownAttachment> {
    const found = (await attachments(hostId, nicId)).find((each) => each.id === id)
    if (!found) throw new Fault('NOT_FOUND', { what: 'Network attachment', id })
    return found
  }

  const setUp = (hostId: string, request: SetupRequest) =>
    carryOut(hostId, {
      options: optionsIn(request),
      planOf(networking) {
        refuseUnreachable(networking.host)
        return setupPlan(networking, request)
      },
    })

  async function carryOut(hostId: string, { options, planOf, isPatient = false }: Change): Promise<void> {
    const host = await existing(store.hosts, 'Host', hostId)
    const check = async () => {
      const networking = await networkingOf(store, hostId)
      const plan = planOf(networking)
      if (isNothing(plan)) throw new NothingToDo()
      refuseUnreachable(networking.host)
      await refuseDetachingFromVms(store, networking, plan.removed)
      return {
        parameters: setupParameters(networking, plan, options),
        attachments: plan.attachments,
        removedIds: plan.removed.map(({ id }) => id),
        labels: plan.labels,
        removedLabelIds: plan.removedLabels.map(({ id }) => id),
      }
    }
    const begun = { hostId, parameters: { networks: {}, bondings: {}, options } }
    const start = () =>
      workflows.start(
        setupHostNetworks,
        { ...begun, attachments: [], removedIds: [] },
        { action, of: host.name, check },
      )
    try {
      await (isPatient ? inTurn(locks, `host:${hostId}`, start) : start())
    } catch (error) {
      if (error instanceof NothingToDo) return
      await events
        .about({ host })
        .tell(
          'PERSIST_SETUP_NETWORK_ON_HOST_FAILED',
          `(1/1): Failed to apply changes on host ${host.name}: ${(error as Error).message}`,
        )
      throw error
    }
    await events
      .about({ host })
      .tell('PERSIST_SETUP_NETWORK_ON_HOST_FINISHED', `(1/1): Successfully applied changes on host ${host.name}.`)
  }

  return {
    nics: (hostId) => networkingOf(store, hostId),
    attachments,
    attachment,
    async attach(hostId, { id, ...request }) {
      if (id !== undefined) throw new Fault('NETWORK_ATTACHMENT_CANNOT_BE_CREATED_WITH_SPECIFIC_ID', { action, id })
      const before = new Set((await attachments(hostId)).map((each) => each.id))
      await setUp(hostId, { modified_network_attachments: [request], ...alone })
      const added = (await attachments(hostId)).find((each) => !before.has(each.id))
      if (!added) throw new Fault('NOT_FOUND', { what: 'Network attachment', id: request.network?.name ?? '' })
      return added
    },
    async edit(hostId, id, request) {
      await attachment(hostId, id)
      await setUp(hostId, { modified_network_attachments: [{ ...request, id }], ...alone })
      return attachment(hostId, id)
    },
    async detach(hostId, id) {
      await attachment(hostId, id)
      await setUp(hostId, { removed_network_attachments: [{ id }], ...alone })
    },
    setUp,
    async follow(hostId, following) {
      // Most hosts that come back miss nothing: nobody is refused because of them.
      const isBack = following.networkId === undefined
      if (isBack && isFollowed(attachmentsFollowing(await networkingOf(store, hostId), following))) return
      await carryOut(hostId, {
        options: lastingly,
        planOf: (networking) => attachmentPlan(networking, attachmentsFollowing(networking, following)),
        isPatient: true,
      })
    },
    async commit(hostId) {
      const host = await existing(store.hosts, 'Host', hostId)
      const told = events.about({ host })
      const failure = `Failed to commit network changes on ${host.name}`
      await told.tellFailure('NETWORK_COMMINT_NETWORK_CHANGES_FAILED', failure, () =>
        hosts.callAgain(hostId, 'Host.setSafeNetworkConfig', {}),
      )
      await told.tell('NETWORK_COMMINT_NETWORK_CHANGES', `Network changes were saved on host ${host.name}`)
    },
    async synchronize(hostId) {
      const host = await existing(store.hosts, 'Host', hostId)
      const told = events.about({ host })
      const off = (await attachments(hostId)).filter(({ configurations }) => !isInSync(configurations))
      await told.tellFailure('HOST_SYNC_ALL_NETWORKS_FAILED', `Failed to sync all host ${host.name} networks`, () =>
        setUp(hostId, {
          synchronized_network_attachments: off.map(({ id }) => ({ id })),
          check_connectivity: true,
          commit_on_success: true,
        }),
      )
      await told.tell('HOST_SYNC_ALL_NETWORKS_FINISHED', `Managed to sync all host ${host.name} networks.`)
    },
  }
}

interface Change {
  readonly options: SetupOptions
  planOf(networking: HostNetworking): SetupPlan
  /** Nobody asked for it, so it waits for whoever is at work on the host. */
  readonly isPatient?: boolean
}

/** Of an attachment by itself, as in the real engine. */
const alone = { check_connectivity: true }
/** Of what the engine does by itself. */
const lastingly = { connectivityCheck: true, connectivityTimeout: usualTimeoutSeconds, commitOnSuccess: true }

const mostTurns = 100

/** Somebody else may be first again. */
async function inTurn(locks: Locks, name: string, work: () => Promise<unknown>): Promise<void> {
  for (let turn = 1; ; turn++) {
    await locks.released(name)
    try {
      await work()
      return
    } catch (error) {
      const isTaken = error instanceof Fault && error.key === 'RELATED_OPERATION'
      if (!isTaken || turn === mostTurns) throw error
    }
  }
}

const isFollowed = ({ attachments, removed }: ReturnType<typeof attachmentsFollowing>) =>
  attachments.length + removed.length === 0

/** Everything is as it is asked for. */
class NothingToDo extends Error {}

function refuseUnreachable({ name, status }: Host): void {
  if (status !== 'up')
    throw new Fault('ACTION_TYPE_FAILED_VDS_STATUS_ILLEGAL', {
      action,
      host: name,
      status: 'Up, Maintenance or Non operational',
    })
}

function optionsIn(request: SetupRequest): SetupOptions {
  const seconds = request.connectivity_timeout ?? usualTimeoutSeconds
  if (seconds < 0 || seconds > mostTimeoutSeconds)
    throw new Fault('INVALID_VALUE', {
      reason: `connectivity_timeout must be between 0 and ${mostTimeoutSeconds} seconds.`,
    })
  return {
    connectivityCheck: request.check_connectivity ?? false,
    connectivityTimeout: seconds,
    commitOnSuccess: request.commit_on_success ?? false,
  }
}
