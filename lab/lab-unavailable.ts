// Says why this machine cannot have a lab, for error messages and as the `skip` of tests.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Each with the Debian package that has it. */
const COMMANDS = [
  ['ip', 'iproute2'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['mount', 'mount'],
  ['umount', 'mount'],
] as const

/** Bits of the effective set, capabilities(7). */
const CAPABILITIES = [
  [12, 'CAP_NET_ADMIN'],
  [21, 'CAP_SYS_ADMIN'],
] as const

/** One line, or undefined when a lab can be created. */
export function labUnavailable(): string | undefined {
  if (process.platform !== 'linux') return 'hosts are Linux namespaces: a lab needs Linux'
  if (process.getuid?.() !== 0) return 'namespaces and links need root: run as root'
  const missing = missingOf(COMMANDS)
  if (missing) return missing
  const lacking = CAPABILITIES.filter(([bit]) => !hasCapability(bit))
  if (lacking.length > 0)
    return `root without ${lacking.map(([, name]) => name).join(', ')}: use a privileged container`
  return undefined
}

/** What a laboratory with OVN needs beside; each with the Debian package that has it. */
const OVN_COMMANDS = [
  ['ovsdb-server', 'openvswitch-switch'],
  ['ovs-vswitchd', 'openvswitch-switch'],
  ['ovn-nbctl', 'ovn-common'],
  ['ovn-northd', 'ovn-central'],
  ['ovn-controller', 'ovn-host'],
  ['ethtool', 'ethtool'],
] as const

/** One line, or undefined when a laboratory can have OVN. */
export function ovnUnavailable(): string | undefined {
  const missing = missingOf(OVN_COMMANDS)
  if (missing) return `OVN needs more: ${missing}`
  return existsSync('/dev/net/tun') ? undefined : 'the switch of OVN needs /dev/net/tun'
}

function missingOf(commands: readonly (readonly [command: string, debian: string])[]): string | undefined {
  const missing = commands.filter(([command]) => !isInstalled(command))
  return missing.map(([command, debian]) => `${command} is missing (package ${debian})`).join(', ') || undefined
}

function isInstalled(command: string): boolean {
  return (process.env.PATH ?? '').split(':').some((dir) => {
    try {
      accessSync(join(dir, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function hasCapability(bit: number): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> BigInt(bit)) & 1n) === 1n
}
