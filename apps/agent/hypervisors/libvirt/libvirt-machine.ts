// The machine of a guest of libvirt, changed while it runs.
import type { Machine } from '../machine.ts'
import type { Unplugs } from './guests/device-removal.ts'
import { deviceWith } from './guests/live-domain.ts'
import { type Virsh, xmlFile } from './virsh/virsh.ts'

export function createLibvirtMachine(virsh: Virsh, unplugs: Unplugs): Machine {
  const tell = async (args: readonly string[], xml?: string) => void (await virsh.call(args, { xml }))
  return {
    domain: (vmId) => virsh.call(['dumpxml', vmId]),
    attach: (vmId, deviceXml) => tell(['attach-device', vmId, xmlFile, '--live'], deviceXml),
    detach: (vmId, alias) =>
      unplugs.unplug(vmId, { name: `device ${alias}`, of: (domainXml) => deviceWith(domainXml, alias) }),
    update: (vmId, deviceXml) => tell(['update-device', vmId, xmlFile, '--live'], deviceXml),
    setCpuCount: (vmId, count) => tell(['setvcpus', vmId, `${count}`, '--live']),
    pinCpu: (vmId, cpu, cpus) => tell(['vcpupin', vmId, `${cpu}`, cpus, '--live']),
  }
}
