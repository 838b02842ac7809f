// One vNIC and its ports, looked at again while nobody else is at work on them. What is certain is repaired, the rest told.
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { Fault } from '../faults.ts'
import { bindingHostIdOf } from '../lifecycle/nics/vnic-ports.ts'
import { bindPorts } from '../lifecycle/ports/bind-ports.ts'
import { deviceOwner } from '../lifecycle/ports/port-allocation.ts'
import { portLock, removePort } from '../lifecycle/ports/remove-port.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'
import { resolveVnic } from '../store/vnic-connections.ts'
import type { Finding } from './findings.ts'

const action = 'reconcile ports'

/** Removes what a vNIC that is gone left on the provider. */
export async function removeLeftPorts(parts: Parts, provider: Provider, nicId: string): Promise<Finding[]> {
  const { store, workflows, locks } = parts
  if (locks.holder(portLock(nicId, provider.id))) return []
  const made = await store.portsMade.get(`${nicId}@${provider.id}`)
  const left = await portsOf(parts, provider, nicId)
  const findings = left.map(({ id }) => ({
    kind: 'port_left' as const,
    repaired: true,
    description: `The port of vNIC ${made?.nicName}, which is gone, was still on provider ${provider.name} and is removed.`,
    providerId: provider.id,
    nicId,
    portId: id,
  }))
  const check = async () => {
    if (await store.nics.get(nicId)) throw busy()
    return {}
  }
  const nic = { id: nicId, name: made?.nicName ?? '' } as Nic
  return whereNobodyWorks(async () => {
    // Each removes one of them.
    for (const _port of left) await workflows.start(removePort, { nic, providerId: provider.id }, { action, check })
    return findings
  })
}

/** A vNIC that is known, whose ports looked wrong in a list. */
export function settleNic(parts: Parts, provider: Provider, { id, vmId }: Nic): Promise<Finding[]> {
  const settle = async () => {
    const nic = await parts.store.nics.get(id)
    const vm = await parts.store.vms.get(vmId)
    if (!nic || !vm || parts.locks.holder(portLock(id, provider.id))) return []
    return settleLocked(parts, provider, nic, vm)
  }
  return whereNobodyWorks(() => parts.locks.during([`vm:${vmId}`], action, settle, { isBrief: true }))
}

async function settleLocked(parts: Parts, provider: Provider, nic: Nic, vm: Vm): Promise<Finding[]> {
  const vnic = await resolveVnic(parts.store, nic)
  const isHere = vnic?.provider.id === provider.id
  const ports = await portsOf(parts, provider, nic.id)
  const own = ports.filter(({ network_id }) => isHere && network_id === vnic.network.externalId)
  const left = ports.filter((port) => !own.includes(port))
  const [first, ...doubles] = own
  const subject: Subject = { parts, provider, nic, vm, isInUse: vm.hostId !== '' && nic.plugged }
  return [
    ...(await settleEach(left, (port) => settleLeft(subject, port))),
    ...(await settleEach(doubles, (port) => settleDouble(subject, port))),
    ...(!first && isHere && nic.hasPort ? [await settleMissing(subject)] : []),
    ...(first ? await settleBinding(subject, first) : []),
  ]
}

/** A vNIC that nobody else is at work on. */
interface Subject {
  readonly parts: Parts
  readonly provider: Provider
  readonly nic: Nic
  readonly vm: Vm
  /** It is plugged into a VM that runs. */
  readonly isInUse: boolean
}

function found(
  { provider, nic, vm }: Subject,
  kind: Finding['kind'],
  repaired: boolean,
  what: string,
  port?: Answered<Port>,
): Finding {
  const description = `vNIC ${nic.name} of VM ${vm.name} ${what}`
  const about = { providerId: provider.id, vmId: vm.id, nicId: nic.id, ...(port && { portId: port.id }) }
  return { kind, repaired, description, ...about }
}

async function settleEach<Item>(items: readonly Item[], settle: (item: Item) => Promise<Finding>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const item of items) findings.push(await settle(item))
  return findings
}

const removeFrom = ({ parts, provider }: Subject, port: Answered<Port>) =>
  parts.providers.ask(provider, (client) => client.ports.remove(port.id))

async function settleLeft(subject: Subject, port: Answered<Port>): Promise<Finding> {
  await removeFrom(subject, port)
  const what = `still had a port on a network of provider ${subject.provider.name} that it left; it is removed.`
  return found(subject, 'port_left', true, what, port)
}

async function settleDouble(subject: Subject, port: Answered<Port>): Promise<Finding> {
  const { isInUse } = subject
  if (!isInUse) await removeFrom(subject, port)
  const end = isInUse
    ? 'which one its host uses is not known: unplug it and plug it again.'
    : 'all but one are removed.'
  return found(subject, 'port_doubled', !isInUse, `has several ports on its network; ${end}`, port)
}

async function settleMissing(subject: Subject): Promise<Finding> {
  const { parts, nic, isInUse } = subject
  const missing = (repaired: boolean, what: string) => found(subject, 'port_missing', repaired, what)
  if (isInUse) return missing(false, 'is plugged, but its port is gone: unplug it and plug it again.')
  await parts.store.nics.update(nic.id, { hasPort: false })
  return missing(true, 'had lost its port; it gets a new one with its next plug.')
}

async function settleBinding(subject: Subject, port: Answered<Port>): Promise<Finding[]> {
  const { parts, provider, vm, isInUse } = subject
  if (!isInUse || !(await isBoundElsewhere(parts, provider, vm, port))) return []
  await parts.workflows.start(bindPorts, { vmId: vm.id }, { action })
  const what = 'had its port bound to another host than that of its VM; it is bound again.'
  return [found(subject, 'binding_differs', true, what, port)]
}

async function isBoundElsewhere(
  parts: Parts,
  { pluginType }: Provider,
  vm: Vm,
  port: Answered<Port>,
): Promise<boolean> {
  const bound = port['binding:host_id']
  return bound !== undefined && bound !== (await bindingHostIdOf(parts, vm.hostId, pluginType))
}

const portsOf = (parts: Parts, provider: Provider, nicId: string) =>
  parts.providers.ask(provider, (client) => client.ports.list({ device_id: nicId, device_owner: deviceOwner }))

const busy = () => new Fault('RELATED_OPERATION', { action, kind: 'plug-nic' })

/** Whoever is at work leaves things as they should be, or the next run finds them. */
async function whereNobodyWorks(work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault && error.key === 'RELATED_OPERATION') return []
    throw error
  }
}
