// The VMs of one host and their NICs, held against what the engine believes. Nothing is repaired: what the engine does not know
// may be somebody else's.
import type { VmOnHost } from '../hosts/vm-watch.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Vm } from '../store/entities/vms.ts'
import type { Finding } from './findings.ts'

const patienceMs = 5_000

export async function compareVms(parts: Parts, host: Host): Promise<Finding[]> {
  const told = (await parts.hosts.callAgain(host.id, 'Host.getAllVmStats', {}, { patienceMs })) as TestimonyOfVm[]
  const running = told.filter(({ status }) => status === 'Up' || status === 'Paused')
  const findings = await Promise.all(running.map((vm) => compareVm(parts, host, vm)))
  return findings.flat()
}

type TestimonyOfVm = VmOnHost & { readonly vmId: string }

async function compareVm(
  { store, locks }: Parts,
  host: Host,
  { vmId, network = {} }: TestimonyOfVm,
): Promise<Finding[]> {
  const isBusy = () => locks.holder(`vm:${vmId}`) !== undefined
  if (isBusy()) return []
  const vm = await store.vms.get(vmId)
  const nics = await store.nics.find({ vmId })
  if (isBusy()) return []
  const where = { hostId: host.id, vmId }
  if (vm?.hostId !== host.id) {
    const who = vm ? `VM ${vm.name}, which should not be there` : `VM ${vmId}, which the engine does not know`
    return [{ kind: 'vm_unknown', repaired: false, description: `Host ${host.name} runs ${who}.`, ...where }]
  }
  const macs = new Set(Object.values(network).map(({ macAddr }) => macAddr.toLowerCase()))
  const plugged = nics.filter((nic) => nic.plugged)
  return [
    ...plugged
      .filter(({ mac }) => !macs.has(mac))
      .map(({ id, name }) => missing(host, vm, name, { ...where, nicId: id })),
    ...[...macs].filter((mac) => !plugged.some((nic) => nic.mac === mac)).map((mac) => unknown(host, vm, mac, where)),
  ]
}

const missing = (host: Host, vm: Vm, nic: string, where: Partial<Finding>): Finding => ({
  kind: 'vif_missing',
  repaired: false,
  description: `vNIC ${nic} of VM ${vm.name} is plugged, but host ${host.name} does not have it: unplug it and plug it again.`,
  ...where,
})

const unknown = (host: Host, vm: Vm, mac: string, where: Partial<Finding>): Finding => ({
  kind: 'vif_unknown',
  repaired: false,
  description: `VM ${vm.name} on host ${host.name} has a NIC ${mac} that is no plugged vNIC of it.`,
  ...where,
})
