// Somebody on the network who sends a guest 50 packets a second and counts the answers: a namespace with a port of OVN.
import { readFileSync } from 'node:fs'
import type { LabHost } from '../../lab/hosts/lab-host.ts'
import type { Constellation } from '../../lab/services/constellation.ts'
import { until } from '../../lab/until.ts'

const everyMs = 20
/** A guest without KVM boots meanwhile. */
const answersMs = 60_000
/** Packets before and after what is watched. */
const around = 50

export interface Loss {
  readonly everyMs: number
  /** Packets without an answer. */
  readonly lost: number
  /** Answers that came once more. */
  readonly duplicates: number
}

export interface Peer extends AsyncDisposable {
  lossDuring(address: string, work: () => Promise<unknown>): Promise<Loss>
}

export async function startPeer({ provider }: Constellation, host: LabHost, network_id: string): Promise<Peer> {
  const port = await provider.ports.create({ network_id, 'binding:host_id': host.name })
  const { ip_address } = port.fixed_ips![0]!
  await host.exec(['sh', '-c', connect, 'sh', port.id, port.mac_address!, `${ip_address}/24`])
  let streams = 0

  async function lossDuring(address: string, work: () => Promise<unknown>): Promise<Loss> {
    const argv = ['ip', 'netns', 'exec', 'peer', 'ping', '-n', '-i', String(everyMs / 1000), address]
    const stream = host.spawn(argv, { log: `stream-${streams++}.log` })
    const answers = () => answersIn(readFileSync(stream.log, 'utf8'))
    const untilMore = async () => {
      const before = answers().length
      if (!(await until(() => answers().length >= before + around, answersMs)))
        throw new Error(`${address} does not answer any more: see ${stream.log}`)
    }
    try {
      await untilMore()
      const first = answers().at(-1)!
      await work()
      await untilMore()
      return lossAfter(first, answers())
    } finally {
      await stream.stop()
    }
  }

  return { lossDuring, [Symbol.asyncDispose]: async () => void (await host.exec(['ip', 'netns', 'del', 'peer'])) }
}

/** Sequence numbers in the order of the answers. */
const answersIn = (log: string) => [...log.matchAll(/icmp_seq=(\d+) ttl/g)].map(([, number]) => Number(number))

/** Of the packets after this one, up to the last that was answered. */
function lossAfter(first: number, answers: readonly number[]): Loss {
  const later = answers.filter((number) => number > first)
  const answered = new Set(later)
  return { everyMs, lost: Math.max(...later) - first - answered.size, duplicates: later.length - answered.size }
}

const connect = `
set -e
ip netns add peer
ip link add peer0 mtu 1442 type veth peer name eth0 address $2 mtu 1442 netns peer
ip netns exec peer ethtool -K eth0 tx off > /dev/null
ip -n peer addr add $3 dev eth0
ip -n peer link set eth0 up
ip link set peer0 up
ovs-vsctl add-port br-int peer0 -- set interface peer0 external_ids:iface-id=$1
ovs-vsctl --timeout=10 wait-until interface peer0 external_ids:ovn-installed=true
`
