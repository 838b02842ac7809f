// Live migration of virtual machines on OVN under a stream of 50 packets a second: what gets lost when the engine moves one,
// and when a script does it by `virsh migrate`, beside the pause that QEMU itself reports of each move.

import { leaseOf } from '../lab/guests/guest.ts'
import { libvirtUnavailable } from '../lab/guests/libvirt-unavailable.ts'
import type { LabHost } from '../lab/hosts/lab-host.ts'
import { ovnUnavailable } from '../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../lab/services/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/services/engine-scene.ts'
import { bareGuest } from './live-migration/bare-guest.ts'
import { pauseOf } from './live-migration/pause.ts'
import { type Loss, type Peer, startPeer } from './live-migration/peer.ts'
import { median } from './load.ts'
import { report } from './report.ts'

/** Each there and back. */
const rounds = 3

interface Mover {
  readonly vmId: string
  readonly address: string
  move(from: LabHost, to: LabHost): Promise<void>
}

interface Move extends Loss {
  /** Milliseconds, as QEMU reports it. */
  readonly pauseMs: number
}

const unavailable = libvirtUnavailable() ?? ovnUnavailable()
if (unavailable) {
  console.log(`live-migration-ovn: skipped, ${unavailable}`)
} else {
  await using constellation = await startConstellation({
    hosts: ['host-a', 'host-b'],
    backend: 'ovn',
    guests: 'libvirt',
  })
  process.exitCode = (await measure(constellation)) ? 0 : 1
}

async function measure(constellation: Constellation): Promise<boolean> {
  const [hostA, hostB] = constellation.lab.hosts as [LabHost, LabHost]
  const networkId = await addNetwork(constellation)
  await using peer = await startPeer(constellation, hostB, networkId)
  const ours = await engineGuest(constellation, networkId, hostA)
  const bare = await bareGuest(constellation, networkId, hostA)
  const moves = { ours: [] as Move[], bare: [] as Move[] }
  for (let round = 0; round < 2 * rounds; round++) {
    const [from, to] = round % 2 === 0 ? [hostA, hostB] : [hostB, hostA]
    moves.bare.push(await watched(peer, bare, from, to))
    moves.ours.push(await watched(peer, ours, from, to))
  }
  const of = (which: readonly Move[], figure: (move: Move) => number) => median(which.map(figure))
  const worst = Math.max(...moves.ours.map(beyond))
  return report('live-migration-ovn', [
    { what: 'the pause that QEMU reports, moved by the engine', value: of(moves.ours, pause), unit: 'ms' },
    { what: 'lost: packets of 20 ms', value: of(moves.ours, lostMs), unit: 'ms' },
    { what: 'lost beyond the pause and one packet, at worst', value: worst, unit: 'ms', goal: '<= 0' },
    { what: 'packets that came twice, in all moves', value: duplicates(moves.ours), unit: '', goal: '<= 0' },
    { what: 'the pause that QEMU reports, moved by virsh alone', value: of(moves.bare, pause), unit: 'ms' },
    { what: 'lost then', value: of(moves.bare, lostMs), unit: 'ms' },
    { what: 'packets that came twice then', value: duplicates(moves.bare), unit: '' },
  ])
}

function pause({ pauseMs }: Move): number {
  return pauseMs
}

function lostMs({ lost, everyMs }: Move): number {
  return lost * everyMs
}

/** The moment between two packets is nobody's loss. */
function beyond(move: Move): number {
  return Math.max(0, lostMs(move) - pause(move) - move.everyMs)
}

function duplicates(moves: readonly Move[]): number {
  return moves.reduce((sum, move) => sum + move.duplicates, 0)
}

async function watched(peer: Peer, mover: Mover, from: LabHost, to: LabHost): Promise<Move> {
  const loss = await peer.lossDuring(mover.address, () => mover.move(from, to))
  return { ...loss, pauseMs: await pauseOf(to, mover.vmId) }
}

async function addNetwork({ provider }: Constellation): Promise<string> {
  const { id: network_id } = await provider.networks.create({ name: 'bench' })
  await provider.subnets.create({ network_id, ip_version: 4, cidr: '10.0.0.0/24' })
  return network_id
}

/** A VM of the engine with a vNIC on the network, booted. */
async function engineGuest(constellation: Constellation, externalId: string, host: LabHost): Promise<Mover> {
  const { engine, lab, dataPlane, urls, password, inGuest } = constellation
  const place = await addCluster(engine, 'bench')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name, address }) => ({ name, address })),
  )
  const address = { url: urls.provider, authenticationUrl: urls.identity, password, pluginType: dataPlane.pluginType }
  const providerId = await addProvider(engine, address)
  const { profileId } = await importNetwork(engine, place, { providerId, externalId })
  const { id: vmId } = await engine.post('/vms', { name: 'bench', cluster: { id: place.clusterId } })
  await engine.post(`/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.post(`/vms/${vmId}/start`, { vm: { host: { name: host.name } } })
  return {
    vmId,
    address: await leaseOf(host, vmId, 'eth0', inGuest),
    move: (_from, to) => engine.post(`/vms/${vmId}/migrate`, { host: { name: to.name } }),
  }
}
