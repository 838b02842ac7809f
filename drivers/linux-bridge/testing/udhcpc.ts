// A guest's DHCP client: what the network's server offers it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabGuest } from '@patchbay/vif-driver/testing/lab-guest.ts'

/** As udhcpc names them. */
export interface Lease {
  readonly ip: string
  readonly mask: string
  readonly serverid: string
  readonly router?: string
  readonly dns?: string
  readonly mtu?: string
  /** Destination and gateway, alternately. */
  readonly staticroutes?: string
}

/** Undefined when no server answers within a second for each attempt. The lease is not applied. */
export async function leaseOf(guest: LabGuest, { attempts = 20 } = {}): Promise<Lease | undefined> {
  const script = join(guest.host.dir, 'udhcpc.sh')
  writeFileSync(script, '#!/bin/sh\n[ "$1" != bound ] || env\n', { mode: 0o755 })
  const asked = ['-O', 'mtu', '-O', 'staticroutes']
  const bounds = ['-f', '-q', '-n', '-t', String(attempts), '-T', '1']
  const output = await guest
    .exec(['busybox', 'udhcpc', '-i', 'eth0', '-s', script, ...bounds, ...asked])
    .catch(() => undefined)
  return output === undefined ? undefined : (Object.fromEntries(output.split('\n').map(toPair)) as unknown as Lease)
}

function toPair(line: string): [string, string] {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}
