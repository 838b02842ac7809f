// Says where a guest is now, as QEMU does when one has moved: switches learn its NICs' place from it, and OVN lets a port
// with activation strategy `rarp` carry frames on its new host.
import { join } from 'node:path'
import { run } from '@patchbay/vif-driver/command.ts'
import { type GuestNic, namespaceOf } from './guest-nics.ts'

const script = join(import.meta.dirname, 'guest-announce.pl')

/** One frame from each NIC. Throws a CommandError. */
export async function announceGuest(vmId: string, nics: readonly GuestNic[]): Promise<void> {
  if (nics.length === 0) return
  const frames = nics.flatMap(({ device, mac }) => [device, announcement(mac)])
  await run(['ip', 'netns', 'exec', namespaceOf(vmId), 'perl', script, ...frames])
}

/** A reverse ARP request (RFC 903) for the NIC's own address, to everybody, in hexadecimal digits; 60 bytes. */
export function announcement(mac: string): string {
  const own = mac.replaceAll(':', '')
  const nobody = '00000000'
  return `ffffffffffff${own}8035${'0001080006040003'}${own}${nobody}${own}${nobody}`.padEnd(120, '0')
}
