// Frames that no tool on the system sends.
import { spawnSync } from 'node:child_process'
import type { LabGuest } from '@patchbay/vif-driver/testing/lab-guest.ts'

/** A reason to skip tests that send raw frames, or undefined. */
export const withoutPython =
  spawnSync('python3', ['-c', 'import socket']).status === 0 ? undefined : 'python3 is not installed'

const send = `
import socket, sys
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind(('eth0', 0))
link.send(bytes.fromhex(sys.argv[1]))`

/** Sends one frame, given in hexadecimal digits, from a guest's NIC. */
export async function sendFrame(guest: LabGuest, hex: string): Promise<void> {
  await guest.exec(['python3', '-c', send, hex])
}

const advertise = `
import socket
raw = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
# Type 134; the kernel adds the checksum. Hop limit 64, no flags, a router for 1800 s.
raw.sendto(bytes.fromhex('86000000' + '40000708' + '00000000' + '00000000'), ('ff02::1%eth0', 0))`

/** A router advertisement (RFC 4861) to all, from the guest's link-local address. */
export async function advertiseRouter(guest: LabGuest): Promise<void> {
  await guest.exec(['python3', '-c', advertise])
}

/** An ARP request in a frame with a VLAN tag of VLAN 0, which receivers take like one without a tag. */
export function taggedArp(from: { mac: string; address: string }, to: { address: string }): string {
  const broadcast = 'ffffffffffff'
  const tag = '81000000'
  const request = '0806' + '0001' + '0800' + '0604' + '0001'
  const nobody = '000000000000'
  const mac = from.mac.replaceAll(':', '')
  return broadcast + mac + tag + request + mac + hexOf(from.address) + nobody + hexOf(to.address)
}

const hexOf = (address: string) => Buffer.from(address.split('.').map(Number)).toString('hex')
