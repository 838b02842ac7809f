// Port security: a guest may only send from the MAC and the addresses of its port.
// One nft table for the driver; a map finds the port's rules by the tap, so a frame's cost does not grow with the ports.
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import type { Attachment } from './attachments.ts'
import { tapName } from './segment.ts'

const table = 'bridge patchbay-linux-bridge'
const chainOf = (portId: string) => `port-${portId}`

/** Puts the rules of a port in place, replacing older ones in one step. */
export async function enforcePortSecurity(attachment: Attachment): Promise<void> {
  await apply(adding(attachment), enforcing(attachment))
}

/** Succeeds when there are none. */
export async function liftPortSecurity(portId: string): Promise<void> {
  await apply(deleting(portId), lifting(portId))
}

/** Most often the short script does. It fails where the table is not as expected; the other one puts that in order. */
async function apply(short: string, whole: string): Promise<void> {
  await run(['nft', '-f', '-'], { input: short }).catch((error) => {
    const isUnexpected = error instanceof CommandError && /No such file or directory|File exists/.test(error.stderr)
    if (!isUnexpected) throw error
    return run(['nft', '-f', '-'], { input: whole })
  })
}

/** Removes the table. For when no port of the driver is left on this host. */
export async function removePortSecurity(): Promise<void> {
  await run(['nft', '-f', '-'], { input: `add table ${table}\ndelete table ${table}\n` })
}

/** For a port without a chain, in a table that is there: nft is three times as fast where nothing may exist before. */
export function adding(attachment: Attachment): string {
  const { portId } = attachment
  return lines([`create chain ${table} ${chainOf(portId)}`, ...ruleLines(attachment), jumpLine(portId)])
}

export function enforcing(attachment: Attachment): string {
  const { portId } = attachment
  return lines([...frame(portId), `flush chain ${table} ${chainOf(portId)}`, ...ruleLines(attachment)])
}

function ruleLines({ portId, mac, fixedIps }: Attachment): string[] {
  const addresses = fixedIps.map(({ ip_address }) => ip_address)
  const rules = [
    `ether saddr != ${mac} drop`,
    `arp saddr ether != ${mac} drop`,
    // 0.0.0.0: a guest that probes an address before it takes it (RFC 5227).
    `arp saddr ip != { ${['0.0.0.0', ...addresses].join(', ')} } drop`,
    'udp sport 67 drop',
    'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
    addresses.length > 0 ? `ip saddr != { ${addresses.join(', ')} } drop` : 'ether type ip drop',
    // IPv6, for which no addresses are known here; and tagged frames, which would carry past the rules what they forbid.
    'ether type != { ip, arp } drop',
  ]
  return rules.map((rule) => `add rule ${table} ${chainOf(portId)} ${rule}`)
}

/** For a port with a chain. */
export function deleting(portId: string): string {
  return lines([`delete element ${table} guests { "${tapName(portId)}" }`, `delete chain ${table} ${chainOf(portId)}`])
}

/** Adds before it deletes, because nft refuses to delete what is not there. */
export function lifting(portId: string): string {
  return lines(frame(portId)) + deleting(portId)
}

/** The table, its entry chain and the port's chain. Adding what exists changes nothing. */
function frame(portId: string): string[] {
  return [
    `add table ${table}`,
    `add map ${table} guests { type ifname : verdict ; }`,
    `add chain ${table} from-guests { type filter hook prerouting priority -300 ; policy accept ; }`,
    `flush chain ${table} from-guests`,
    `add rule ${table} from-guests iifname vmap @guests`,
    `add chain ${table} ${chainOf(portId)}`,
    jumpLine(portId),
  ]
}

const jumpLine = (portId: string) => `add element ${table} guests { "${tapName(portId)}" : jump ${chainOf(portId)} }`

const lines = (all: readonly string[]) => `${all.join('\n')}\n`
