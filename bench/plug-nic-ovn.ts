// Plugging one vNIC on OVN into a running virtual machine, from the request to the engine until OVN has wired its port, beside
// the commands that a script would run on the host for a port that is there already.
import { mkdtempDisposableSync } from 'node:fs'
import type { OvnDataPlane } from '../lab/data-planes/ovn-data-plane.ts'
import { leaseOf } from '../lab/guests/guest.ts'
import { libvirtUnavailable } from '../lab/guests/libvirt-unavailable.ts'
import { ovnUnavailable } from '../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../lab/services/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/services/engine-scene.ts'
import { type BareNic, bareVirsh } from './bare/virsh-plug.ts'
import { median } from './load.ts'
import { report } from './report.ts'

/** Not counted: the services' code is compiled as it is used. */
const warmUp = 12
const rounds = 24

const unavailable = libvirtUnavailable() ?? ovnUnavailable()
if (unavailable) {
  console.log(`plug-nic-ovn: skipped, ${unavailable}`)
} else {
  // In memory, as /run is on hosts; that of a laboratory may be on a disk.
  using runDir = mkdtempDisposableSync('/dev/shm/patchbay-bench-')
  const agent = () => ({ 'run-dir': runDir.path })
  await using constellation = await startConstellation({ hosts: ['host-a'], backend: 'ovn', guests: 'libvirt', agent })
  process.exitCode = (await measure(constellation)) ? 0 : 1
}

async function measure(constellation: Constellation): Promise<boolean> {
  const { engine, lab, dataPlane } = constellation
  const { nbctl } = (dataPlane as OvnDataPlane).central
  const { vmId, profileId, bareNic } = await runningVm(constellation)
  const figures = { total: [] as number[], driver: [] as number[], script: [] as number[] }
  // Each begins when OVN has done with the one before.
  const atRest = () => nbctl('--wait=hv', 'sync')
  for (let round = -warmUp; round < rounds; round++) {
    await atRest()
    const before = await driverMs(constellation)
    const started = performance.now()
    const nic = await engine.post(`/vms/${vmId}/nics`, { name: `nic-${round}`, vnic_profile: { id: profileId } })
    const total = performance.now() - started
    const driver = (await driverMs(constellation)) - before
    await engine.post(`${nic.href}/deactivate`)
    await engine.delete(nic.href)
    await atRest()
    const script = await bareVirsh(lab.hosts[0]!, bareNic)
    if (round < 0) continue
    figures.total.push(total)
    figures.driver.push(driver)
    figures.script.push(script)
  }
  const [total, driver, script] = [figures.total, figures.driver, figures.script].map(median)
  return report('plug-nic-ovn', [
    { what: 'request to wired', value: total!, unit: 'ms' },
    { what: 'bare commands: virsh attach-device, ovs-vsctl wait-until', value: script!, unit: 'ms' },
    { what: 'request to wired, by the bare commands', value: total! / script!, unit: '', goal: '<= 1.25' },
    { what: 'of it in the driver', value: driver!, unit: 'ms', goal: '<= 5' },
  ])
}

/** A VM that has booted with one vNIC; and a port that is nobody's yet, for the bare commands to put into it. */
async function runningVm(constellation: Constellation): Promise<{ vmId: string; profileId: string; bareNic: BareNic }> {
  const { engine, provider, lab, dataPlane, urls, password, inGuest } = constellation
  const [host] = lab.hosts
  const { id: network_id } = await provider.networks.create({ name: 'bench' })
  await provider.subnets.create({ network_id, ip_version: 4, cidr: '10.0.0.0/16' })
  const place = await addCluster(engine, 'bench')
  await addHosts(engine, place.clusterId, [{ name: host!.name, address: host!.address }])
  const address = { url: urls.provider, authenticationUrl: urls.identity, password, pluginType: dataPlane.pluginType }
  const providerId = await addProvider(engine, address)
  const { profileId } = await importNetwork(engine, place, { providerId, externalId: network_id })
  const { id: vmId } = await engine.post('/vms', { name: 'bench', cluster: { id: place.clusterId } })
  await engine.post(`/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.post(`/vms/${vmId}/start`)
  await leaseOf(host!, vmId, 'eth0', inGuest)
  const port = await provider.ports.create({ network_id, 'binding:host_id': host!.name })
  return { vmId, profileId, bareNic: { vmId, portId: port.id, mac: port.mac_address! } }
}

/** What the agent has spent in its driver's plugs so far. */
async function driverMs({ lab }: Constellation): Promise<number> {
  const text = await (await fetch(`http://${lab.hosts[0]!.address}:54322/metrics`)).text()
  const sums = text.matchAll(/^agent_driver_seconds_sum\{driver="ovn",verb="plug_device[^}]*\} (\S+)$/gm)
  return [...sums].reduce((total, [, seconds]) => total + Number(seconds) * 1000, 0)
}
