// Port security: a guest may only send from the MAC and the addresses of its port.
// One nft table for an instance of the driver; a map finds the port's rules by the tap, so a frame's cost does not grow with the ports.
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import type { Attachment } from '../attachments.ts'
import type { Names } from '../network/names.ts'
import { chainRules } from './chain-rules.ts'
import { sendersOf } from './senders.ts'

const chainOf = (portId: string) => `port-${portId}`

/** Puts the rules of a port in place, replacing older ones in one step. */
export async function enforcePortSecurity(names: Names, attachment: Attachment): Promise<void> {
  await apply(adding(names, attachment), enforcing(names, attachment))
}

/** Succeeds when there are none. */
export async function liftPortSecurity(names: Names, portId: string): Promise<void> {
  await apply(deleting(names, portId), lifting(names, portId))
}

/** Most often the short script does. It fails where the table is not as expected; the other one puts that in order. */
async function apply(short: string, whole: string): Promise<void> {
  await run(['nft', '-f', '-'], { input: short }).catch((error) => {
    const isUnexpected = error instanceof CommandError && /No such file or directory|File exists/.test(error.stderr)
    if (!isUnexpected) throw error
    return run(['nft', '-f', '-'], { input: whole })
  })
}

/** Removes the table. For when no port of the instance is left on this host. */
export async function removePortSecurity({ table }: Names): Promise<void> {
  await run(['nft', '-f', '-'], { input: `add table ${table}\ndelete table ${table}\n` })
}

/** For a port without a chain, in a table that is there: nft is three times as fast where nothing may exist before. */
export function adding(names: Names, attachment: Attachment): string {
  const { portId } = attachment
  const chain = `create chain ${names.table} ${chainOf(portId)}`
  return lines([chain, ...ruleLines(names, attachment), jumpLine(names, portId)])
}

export function enforcing(names: Names, attachment: Attachment): string {
  const { portId } = attachment
  const flush = `flush chain ${names.table} ${chainOf(portId)}`
  return lines([...frame(names, portId), flush, ...ruleLines(names, attachment)])
}

function ruleLines({ table }: Names, attachment: Attachment): string[] {
  return chainRules(sendersOf(attachment)).map((rule) => `add rule ${table} ${chainOf(attachment.portId)} ${rule}`)
}

/** For a port with a chain. */
export function deleting({ table, tap }: Names, portId: string): string {
  return lines([`delete element ${table} guests { "${tap(portId)}" }`, `delete chain ${table} ${chainOf(portId)}`])
}

/** Adds before it deletes, because nft refuses to delete what is not there. */
export function lifting(names: Names, portId: string): string {
  return lines(frame(names, portId)) + deleting(names, portId)
}

/** The table, its entry chain and the port's chain. Adding what exists changes nothing. */
function frame(names: Names, portId: string): string[] {
  const { table } = names
  return [
    `add table ${table}`,
    `add map ${table} guests { type ifname : verdict ; }`,
    `add chain ${table} from-guests { type filter hook prerouting priority -300 ; policy accept ; }`,
    `flush chain ${table} from-guests`,
    `add rule ${table} from-guests iifname vmap @guests`,
    `add chain ${table} ${chainOf(portId)}`,
    jumpLine(names, portId),
  ]
}

const jumpLine = ({ table, tap }: Names, portId: string) =>
  `add element ${table} guests { "${tap(portId)}" : jump ${chainOf(portId)} }`

const lines = (all: readonly string[]) => `${all.join('\n')}\n`
