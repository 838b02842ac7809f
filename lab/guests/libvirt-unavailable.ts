// Says why hosts of a laboratory on this machine cannot have a libvirtd, for error messages and as the `skip` of tests.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { labUnavailable } from '../lab-unavailable.ts'

/** Each with the Debian packages that have it. */
const commands = [
  ['libvirtd', 'libvirt-daemon and libvirt-daemon-driver-qemu'],
  ['virsh', 'libvirt-clients'],
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['busybox', 'busybox-static'],
  ['lz4', 'lz4'],
  ['dpkg-deb', 'dpkg'],
] as const

/** One line, or undefined when the VMs of a laboratory can be virtual machines. */
export function libvirtUnavailable(): string | undefined {
  const path = (process.env.PATH ?? '').split(':')
  const missing = commands.filter(([command]) => !path.some((dir) => existsSync(join(dir, command))))
  if (missing.length > 0)
    return missing.map(([command, debian]) => `${command} is missing (package ${debian})`).join(', ')
  if (!existsSync('/dev/net/tun')) return 'virtual machines have taps: /dev/net/tun is missing'
  return labUnavailable()
}
