// Labels of interfaces as requests of `setupnetworks` give them: checked in the order of the real engine.
import { Fault } from '../../faults.ts'
import type { NicLabel } from '../../store/entities/host-networks.ts'
import { checkedLabel } from '../networks/checked-label.ts'
import { nicFor, type PlannedBond } from './bond-request.ts'
import type { HostNetworking } from './host-networking.ts'
import type { LabelChanges, SetupRequest } from './plan.ts'

interface BondChanges {
  readonly bonds: readonly PlannedBond[]
  readonly removedBonds: readonly string[]
}

type Given = NonNullable<SetupRequest['modified_labels']>[number]

const action = 'setup Networks'

export function labelChanges(
  networking: HostNetworking,
  { modified_labels: modified = [], removed_labels: removed = [] }: SetupRequest,
  bondChanges: BondChanges,
): LabelChanges {
  const labels = modified.map((given) => plannedLabel(networking, given, bondChanges))
  const removedLabels = removed.map(({ id = '' }) => {
    const found = networking.labels.find(({ label }) => label === id)
    if (!found) throw new Fault('LABEL_NOT_EXIST_IN_HOST', { action, label: id })
    return found
  })
  refuseTwice([...labels, ...removedLabels])
  // Nothing is left that they could be on.
  const gone = networking.labels.filter(
    ({ id, nicName }) => bondChanges.removedBonds.includes(nicName) && !labels.some((label) => label.id === id),
  )
  return {
    labels: labels.filter(({ id, nicName }) => !networking.labels.some((at) => at.id === id && at.nicName === nicName)),
    removedLabels: [...new Set([...removedLabels, ...gone])],
  }
}

/** As the host shall have them. */
export function labelsAfter({ labels: before }: HostNetworking, { labels, removedLabels }: LabelChanges): NicLabel[] {
  const changed = new Set([...labels, ...removedLabels].map(({ id }) => id))
  return [...before.filter(({ id }) => !changed.has(id)), ...labels]
}

function plannedLabel(
  { host, nics }: HostNetworking,
  { id, host_nic: reference = {} }: Given,
  { bonds, removedBonds }: BondChanges,
): NicLabel {
  const label = checkedLabel(id)
  const nic = nicFor(nics, reference)
  const nicName = nic?.name ?? reference.name ?? ''
  const bond = bonds.find(({ name }) => name === nicName)
  if ((!nic && !bond) || removedBonds.includes(nicName))
    throw new Fault('INTERFACE_ON_NIC_LABEL_NOT_EXIST', { action, label, nic: nicName || (reference.id ?? '') })
  const master = nics.find((each) => each.bond?.slaves.includes(nicName))?.name
  const isLeft = removedBonds.includes(master ?? '') || bonds.some(({ name }) => name === master)
  if (nic?.vlan || (master !== undefined && !isLeft) || bonds.some(({ slaves }) => slaves.includes(nicName)))
    throw new Fault('LABEL_ATTACH_TO_IMPROPER_INTERFACE', { action, nic: nicName })
  const slaves = bond?.slaves ?? nic?.bond?.slaves
  if (slaves && slaves.length < 2) throw new Fault('IMPROPER_BOND_IS_LABELED', { action, bond: nicName })
  return { id: `${host.id}/${label}`, hostId: host.id, nicName, label }
}

function refuseTwice(all: readonly NicLabel[]): void {
  const names = all.map(({ label }) => label)
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at))
  if (twice.size > 0) throw new Fault('PARAMS_CONTAIN_DUPLICATE_LABELS', { action, labels: [...twice].join(', ') })
}
