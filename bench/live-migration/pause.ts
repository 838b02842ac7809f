// How long a guest stood still during its last move: libvirt keeps what QEMU said of it, also where the guest arrived.
import type { LabHost } from '../../lab/hosts/lab-host.ts'

/** Milliseconds. `host`: where it is now. */
export async function pauseOf(host: LabHost, vmId: string): Promise<number> {
  const argv = ['virsh', '-q', '-c', 'qemu:///system', 'domjobinfo', vmId, '--completed']
  const { stdout } = await host.exec(argv)
  const told = /^Total downtime: +(\d+) +ms/m.exec(stdout)?.[1]
  if (told === undefined) throw new Error(`libvirt on ${host.name} tells no downtime of ${vmId}: ${stdout}`)
  return Number(told)
}
