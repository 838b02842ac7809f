// What a request of `setupnetworks` comes to: the attachments and bonds that change on the host, or the fault why it cannot be.
import { isDeepStrictEqual } from 'node:util'
import type { ValuesOf } from '@patchbay/ovirt-api/element.ts'
import type { setupNetworksElements } from '@patchbay/ovirt-api/types/setup-networks.ts'
import { Fault } from '../../faults.ts'
import type { NetworkAttachment } from '../../store/entities/host-networks.ts'
import { plannedAttachment } from './attachment-request.ts'
import { type PlannedBond, plannedBonds, removedBonds } from './bond-request.ts'
import type { HostNetworking } from './host-networking.ts'
import { checkPlan } from './plan-checks.ts'
import { isInSync, reportedConfigurations } from './sync-state.ts'

export type SetupRequest = ValuesOf<typeof setupNetworksElements>

export interface SetupPlan {
  /** New ones, and those that change or are to be as the engine wants them. */
  readonly attachments: readonly NetworkAttachment[]
  readonly removed: readonly NetworkAttachment[]
  readonly bonds: readonly PlannedBond[]
  readonly removedBonds: readonly string[]
}

const action = 'setup Networks'

export function setupPlan(networking: HostNetworking, request: SetupRequest): SetupPlan {
  refuseLabels(request)
  const bonds = plannedBonds(networking, request.modified_bonds ?? [])
  const newBonds = new Set(bonds.map(({ name }) => name))
  const synchronized = byId(networking, request.synchronized_network_attachments ?? [])
  const modified = (request.modified_network_attachments ?? []).map((each) =>
    plannedAttachment(networking, each, newBonds),
  )
  const isModified = new Set(modified.map(({ id }) => id))
  const plan = {
    attachments: [...modified, ...synchronized.filter(({ id }) => !isModified.has(id))],
    removed: byId(networking, request.removed_network_attachments ?? []),
    bonds,
    removedBonds: removedBonds(networking, request.removed_bonds ?? []),
  }
  checkPlan(networking, plan)
  const changing = withoutUnchanged(networking, plan)
  refuseOutOfSync(networking, changing.attachments, new Set(synchronized.map(({ id }) => id)))
  return changing
}

export const isNothing = ({ attachments, removed, bonds, removedBonds: goneBonds }: SetupPlan) =>
  attachments.length + removed.length + bonds.length + goneBonds.length === 0

/** No interface has a label here, so there is none to take away. */
function refuseLabels({ modified_labels: modified = [], removed_labels: removed = [] }: SetupRequest): void {
  if (modified.length > 0) throw new Fault('UNSUPPORTED', { what: 'Labels of host interfaces' })
  if (removed[0]) throw new Fault('LABEL_NOT_EXIST_IN_HOST', { action, label: removed[0].id ?? '' })
}

function byId({ attachments }: HostNetworking, given: readonly { readonly id?: string }[]): NetworkAttachment[] {
  return given.map(({ id = '' }) => {
    const attachment = attachments.find((each) => each.id === id)
    if (!attachment) throw new Fault('NETWORK_ATTACHMENTS_TO_BE_REMOVED_DOES_NOT_EXISTS', { action, ids: id })
    return attachment
  })
}

function withoutUnchanged(networking: HostNetworking, plan: SetupPlan): SetupPlan {
  const { attachments: before, nics } = networking
  return {
    ...plan,
    attachments: plan.attachments.filter((attachment) => {
      const old = before.find(({ id }) => id === attachment.id)
      return !isDeepStrictEqual(old, attachment) || !isInSync(reportedConfigurations(networking, attachment))
    }),
    bonds: plan.bonds.filter(({ name, slaves, options }) => {
      const old = nics.find((nic) => nic.name === name)?.bond
      return !old || !isDeepStrictEqual([[...old.slaves].sort(), old.options], [slaves, options])
    }),
  }
}

/** What is not as it should be on the host is made so first, or along with the change. */
function refuseOutOfSync(
  networking: HostNetworking,
  changing: readonly NetworkAttachment[],
  synchronized: ReadonlySet<string>,
): void {
  for (const { id, networkId } of changing) {
    const before = networking.attachments.find((attachment) => attachment.id === id)
    if (!before || synchronized.has(id)) continue
    const off = reportedConfigurations(networking, before).filter(({ isInSync: isIt }) => !isIt)
    if (off.length === 0) continue
    const values = off.map(({ name, actual, expected }) => `${name} Host - ${actual}, DC - ${expected}`).join('; ')
    throw new Fault('NETWORK_NOT_IN_SYNC', { action, network: networking.networks.get(networkId)!.name, values })
  }
}
