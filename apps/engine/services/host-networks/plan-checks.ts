// What a change of a host's networks must not come to, whole: checked in the order of the real engine.
import { Fault } from '../../faults.ts'
import type { NetworkAttachment, NicLabel } from '../../store/entities/host-networks.ts'
import type { HostNetworking } from './host-networking.ts'
import { labelsAfter } from './label-request.ts'
import type { SetupPlan } from './plan.ts'

const action = 'setup Networks'

export function checkPlan(networking: HostNetworking, plan: SetupPlan): void {
  const labels = labelsAfter(networking, plan)
  checkRemovals(networking, plan, labels)
  checkLabeled(networking, plan, labels)
  const after = attachmentsAfter(networking, plan)
  checkSlaves(networking, plan, after)
  checkLabeledSlaves(plan, labels)
  checkRemovedBonds(plan, after)
  checkNetworksOnce(networking, after)
  checkUntagged(networking, after)
  checkBondModes(networking, plan, after)
}

/** As the host shall have them. */
function attachmentsAfter({ attachments }: HostNetworking, plan: SetupPlan): NetworkAttachment[] {
  const gone = new Set([...plan.removed, ...plan.attachments].map(({ id }) => id))
  return [...attachments.filter(({ id }) => !gone.has(id)), ...plan.attachments]
}

function checkRemovals(
  { networks, roles }: HostNetworking,
  { attachments, removed }: SetupPlan,
  labels: readonly NicLabel[],
): void {
  for (const { id, networkId, nicName } of removed) {
    if (attachments.some((attachment) => attachment.id === id))
      throw new Fault('NETWORK_ATTACHMENT_IN_BOTH_LISTS', { action, id })
    const { name, label } = networks.get(networkId)!
    if (roles.get(networkId)?.management) throw new Fault('NETWORK_CANNOT_REMOVE_MANAGEMENT_NETWORK', { name })
    const isKept = roles.has(networkId) && labels.some((each) => each.label === label && each.nicName === nicName)
    if (isKept) throw new Fault('ACTION_TYPE_FAILED_CANNOT_REMOVE_LABELED_NETWORK_FROM_NIC', { action, network: name })
  }
}

/** A network with a label that the host has is where that is. */
function checkLabeled(
  { networks, attachments: all }: HostNetworking,
  { attachments }: SetupPlan,
  labels: readonly NicLabel[],
): void {
  for (const { id, networkId, nicName } of attachments) {
    const { name: network, label } = networks.get(networkId)!
    const labeled = labels.find((each) => each.label === label)?.nicName ?? nicName
    const before = all.find((attachment) => attachment.id === id)?.nicName
    if (nicName === labeled || nicName === before) continue
    throw before === labeled
      ? new Fault('ACTION_TYPE_FAILED_CANNOT_MOVE_LABELED_NETWORK_TO_ANOTHER_NIC', { action, network, label })
      : new Fault('NETWORK_SHOULD_BE_ATTACHED_VIA_LABEL_TO_ANOTHER_NIC', { action, network, nic: nicName, labeled })
  }
}

function checkLabeledSlaves({ bonds }: SetupPlan, labels: readonly NicLabel[]): void {
  const slaves = bonds.flatMap((bond) => bond.slaves)
  const labeled = labels.find(({ nicName }) => slaves.includes(nicName))
  if (labeled) throw new Fault('LABEL_ATTACH_TO_IMPROPER_INTERFACE', { action, nic: labeled.nicName })
}

function checkSlaves(
  { nics, networks }: HostNetworking,
  { bonds, removedBonds, attachments }: SetupPlan,
  after: readonly NetworkAttachment[],
): void {
  for (const { name, slaves } of bonds) {
    for (const nic of slaves) {
      const other = nics.find((each) => each.name !== name && each.bond?.slaves.includes(nic))
      const isLeft = !other || removedBonds.includes(other.name) || bonds.some((bond) => bond.name === other.name)
      if (!isLeft) throw new Fault('NETWORK_INTERFACE_ALREADY_IN_BOND', { nic })
      const attached = after.find(({ nicName }) => nicName === nic)
      if (!attached) continue
      const network = networks.get(attached.networkId)!.name
      throw attachments.includes(attached)
        ? new Fault('NETWORK_INTERFACE_ADDED_TO_BOND_AND_NETWORK_IS_ATTACHED_TO_IT_AT_THE_SAME_TIME', {
            action,
            nic,
            network,
          })
        : new Fault('NETWORK_INTERFACE_ATTACHED_TO_NETWORK_CANNOT_BE_SLAVE', { action, nic, network })
    }
  }
}

function checkRemovedBonds({ bonds, removedBonds }: SetupPlan, after: readonly NetworkAttachment[]): void {
  for (const bond of removedBonds) {
    const users = after.filter(({ nicName }) => nicName === bond)
    if (users.length > 0)
      throw new Fault('BOND_USED_BY_NETWORK_ATTACHMENTS', { bond, ids: users.map(({ id }) => id).join(', ') })
    if (bonds.some(({ name }) => name === bond))
      throw new Fault('BONDS_UPDATED_AND_REMOVED_SIMULTANEOUSLY', { action, bond })
  }
}

function checkNetworksOnce({ networks }: HostNetworking, after: readonly NetworkAttachment[]): void {
  const seen = new Set<string>()
  for (const { networkId } of after) {
    if (seen.has(networkId))
      throw new Fault('NETWORKS_ALREADY_ATTACHED_TO_IFACES', { action, networks: networks.get(networkId)!.name })
    seen.add(networkId)
  }
}

function checkUntagged({ networks }: HostNetworking, after: readonly NetworkAttachment[]): void {
  const untagged = after.filter(({ networkId }) => networks.get(networkId)!.vlanId === null)
  const names = untagged.map(({ nicName }) => nicName)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined)
    throw new Fault('NETWORK_INTERFACES_NOT_EXCLUSIVELY_USED_BY_UNTAGGED_NETWORK', { action, nics: twice })
}

/** A bridge on such a bond sees its own frames again. */
const modesWithoutBridges = new Set(['0', '5', '6', 'balance-rr', 'balance-tlb', 'balance-alb'])

function checkBondModes(
  { networks, nics }: HostNetworking,
  { bonds }: SetupPlan,
  after: readonly NetworkAttachment[],
): void {
  for (const { networkId, nicName } of after) {
    const { name, vmNetwork } = networks.get(networkId)!
    const planned = bonds.find((bond) => bond.name === nicName)
    const options = planned?.options ?? nics.find((nic) => nic.name === nicName)?.bond?.options
    if (vmNetwork && options && modesWithoutBridges.has(options.mode ?? '0'))
      throw new Fault('INVALID_BOND_MODE_FOR_BOND_WITH_VM_NETWORK', { network: name, bond: nicName })
  }
}
