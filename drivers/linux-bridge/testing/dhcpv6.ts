// A guest's DHCPv6 client (RFC 8415), as far as tests need one: what the network's server offers it.
import type { LabGuest } from '@patchbay/vif-driver/testing/lab-guest.ts'

export interface Offer {
  /** The address; undefined where only options were asked for. */
  readonly ip?: string
  readonly dns?: string
}

const client = `
import socket, struct, sys
def options(data):
    while data:
        code, size = struct.unpack('>HH', data[:4])
        yield code, data[4:4 + size]
        data = data[4 + size:]
option = lambda code, data: struct.pack('>HH', code, len(data)) + data
texts = lambda data: ' '.join(socket.inet_ntop(socket.AF_INET6, data[n:n + 16]) for n in range(0, len(data), 16))
mac = bytes.fromhex(open('/sys/class/net/eth0/address').read().strip().replace(':', ''))
link = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
link.bind(('::', 546))
link.settimeout(1)
# SOLICIT with an identity association, or INFORMATION-REQUEST.
kind, more = (1, option(3, mac[2:] + bytes(8))) if sys.argv[1] == 'stateful' else (11, b'')
ask = bytes([kind]) + b'abc' + option(1, b'\\0\\3\\0\\1' + mac) + option(8, b'\\0\\0') + option(6, b'\\0\\x17') + more
for attempt in range(20):
    link.sendto(ask, ('ff02::1:2%eth0', 547))
    try: answer = link.recv(1500)
    except TimeoutError: continue
    for code, data in options(answer[4:]):
        if code == 3: print(*('ip=' + texts(inner[:16]) for at, inner in options(data[12:]) if at == 5))
        if code == 23: print('dns=' + texts(data))
    break
else: sys.exit('no answer')`

/** Undefined when no server answers within twenty seconds. The guest has to have a link-local address. */
export async function offerTo(guest: LabGuest, kind: 'stateful' | 'stateless'): Promise<Offer | undefined> {
  const output = await guest.exec(['python3', '-c', client, kind]).catch(() => undefined)
  if (output === undefined) return undefined
  const pairs = output.split('\n').filter((line) => line.includes('='))
  return Object.fromEntries(pairs.map((line) => line.split('=') as [string, string]))
}
