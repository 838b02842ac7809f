// What a request of `setupnetworks` comes to: the attachments and bonds that change on the host, or the fault why it cannot be.
import { isDeepStrictEqual } from 'node:util'
import { Fault } from '../../faults.ts'
import type { NetworkAttachment } from '../../store/entities/host-networks.ts'
import { plannedAttachment } from './attachment-request.ts'
import { plannedBonds, removedBonds } from './bond-request.ts'
import { attachmentsByLabels, attachmentsOfLabels } from './following-attachments.ts'
import type { HostNetworking } from './host-networking.ts'
import { labelChanges } from './label-request.ts'
import type { SetupPlan, SetupRequest } from './plan.ts'
import { checkPlan } from './plan-checks.ts'
import { isInSync, reportedConfigurations } from './sync-state.ts'

const action = 'setup Networks'

export function setupPlan(networking: HostNetworking, request: SetupRequest): SetupPlan {
  const bonds = plannedBonds(networking, request.modified_bonds ?? [])
  const newBonds = new Set(bonds.map(({ name }) => name))
  const synchronized = byId(networking, request.synchronized_network_attachments ?? [])
  const modified = (request.modified_network_attachments ?? []).map((each) =>
    plannedAttachment(networking, each, newBonds),
  )
  const bondChanges = { bonds, removedBonds: removedBonds(networking, request.removed_bonds ?? []) }
  const changes = labelChanges(networking, request, bondChanges)
  const removed = byId(networking, request.removed_network_attachments ?? [])
  const said = { attachments: modified, removed }
  const plan = {
    attachments: withoutRepeated([
      ...modified,
      ...unsaid(attachmentsByLabels(networking, changes.labels), said),
      ...synchronized,
    ]),
    removed: [...removed, ...unsaid(attachmentsOfLabels(networking, changes.removedLabels), said)],
    ...bondChanges,
    ...changes,
  }
  checkPlan(networking, plan)
  const changing = withoutUnchanged(networking, plan)
  refuseOutOfSync(networking, changing.attachments, new Set(synchronized.map(({ id }) => id)))
  return changing
}

/** For hosts whose labels and bonds stay. */
export function attachmentPlan(
  networking: HostNetworking,
  { attachments, removed }: Pick<SetupPlan, 'attachments' | 'removed'>,
): SetupPlan {
  const plan = { attachments, removed, bonds: [], removedBonds: [], labels: [], removedLabels: [] }
  checkPlan(networking, plan)
  return plan
}

export const isNothing = (plan: SetupPlan) => Object.values(plan).every(({ length }) => length === 0)

/** What the request itself says about a network holds, whatever its label. */
const unsaid = (
  byLabels: readonly NetworkAttachment[],
  said: Pick<SetupPlan, 'attachments' | 'removed'>,
): NetworkAttachment[] =>
  byLabels.filter(({ networkId }) =>
    [...said.attachments, ...said.removed].every((attachment) => attachment.networkId !== networkId),
  )

const withoutRepeated = (attachments: readonly NetworkAttachment[]): NetworkAttachment[] =>
  attachments.filter(({ id }, at) => attachments.findIndex((each) => each.id === id) === at)

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
