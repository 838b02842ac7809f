// Says why this machine cannot have a bed in the laboratory, as the `skip` of tests.
import { spawnSync } from 'node:child_process'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'

/** Each with the Debian package that has it. */
const packages = {
  ping: 'iputils-ping',
  bridge: 'iproute2',
  nft: 'nftables',
  dnsmasq: 'dnsmasq-base',
  busybox: 'busybox-static',
  jq: 'jq',
} as const

/** One line, or undefined where there can be one. `commands` are those that the tests need beside the laboratory's. */
export function bedUnavailable(commands: readonly (keyof typeof packages)[] = ['ping']): string | undefined {
  const missing = commands.filter((command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0)
  const reason = missing.map((command) => `${command} is missing (package ${packages[command]})`).join(', ')
  return labUnavailable() ?? (reason || undefined)
}
