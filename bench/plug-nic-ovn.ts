// Plugging one vNIC on OVN into a running VM, from the request to the engine until OVN has wired its port, beside the bare
// commands that a script would run on the host; and what the driver takes beyond the row and OVN's own work.
import { join } from 'node:path'
import { type Constellation, startConstellation } from '../lab/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/engine-scene.ts'
import { labUnavailable, ovnUnavailable } from '../lab/lab-unavailable.ts'
import type { OvnDataPlane } from '../lab/ovn-data-plane.ts'
import { type BareNic, bareRow, bareScript } from './bare/ovn-plug.ts'
import { median } from './load.ts'
import { report } from './report.ts'

/** Not counted: the services' code is compiled as it is used. */
const warmUp = 40
const rounds = 60

const unavailable = labUnavailable() ?? ovnUnavailable()
if (unavailable) {
  console.log(`plug-nic-ovn: skipped, ${unavailable}`)
} else {
  await using constellation = await startConstellation({ hosts: ['host-a'], backend: 'ovn' })
  process.exitCode = (await measure(constellation)) ? 0 : 1
}

async function measure(constellation: Constellation): Promise<boolean> {
  const { engine, lab, dataPlane } = constellation
  const { nbctl } = (dataPlane as OvnDataPlane).central
  const [host] = lab.hosts
  const { vmId, profileId, bareNic } = await runningVm(constellation)
  const remote = `unix:${join(host!.dir, 'run/openvswitch/db.sock')}`
  const figures = { total: [] as number[], driver: [] as number[], script: [] as number[], row: [] as number[] }
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
    const script = await bareScript(host!, bareNic)
    await atRest()
    const row = await bareRow(host!, remote, bareNic)
    if (round < 0) continue
    figures.total.push(total)
    figures.driver.push(driver)
    figures.script.push(script)
    figures.row.push(row)
  }
  const [total, driver, script, row] = [figures.total, figures.driver, figures.script, figures.row].map(median)
  return report('plug-nic-ovn', [
    { what: 'request to wired', value: total!, unit: 'ms' },
    { what: 'bare commands: ip, ethtool, ovs-vsctl', value: script!, unit: 'ms' },
    { what: 'request to wired, by the bare commands', value: total! / script!, unit: '', goal: '<= 1.25' },
    { what: 'of it in the driver', value: driver!, unit: 'ms' },
    { what: 'bare row, until OVN has installed it', value: row!, unit: 'ms' },
    { what: 'driver beyond the bare row', value: driver! - row!, unit: 'ms', goal: '<= 5' },
  ])
}

/** A VM that runs with one vNIC; and a port that is nobody's yet, for the bare commands to put into its guest. */
async function runningVm(constellation: Constellation): Promise<{ vmId: string; profileId: string; bareNic: BareNic }> {
  const { engine, provider, lab, dataPlane, urls, password } = constellation
  const { id: network_id } = await provider.networks.create({ name: 'bench' })
  await provider.subnets.create({ network_id, ip_version: 4, cidr: '10.0.0.0/16' })
  const place = await addCluster(engine, 'bench')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name, address }) => ({ name, address })),
  )
  const address = { url: urls.provider, authenticationUrl: urls.identity, password, pluginType: dataPlane.pluginType }
  const providerId = await addProvider(engine, address)
  const { profileId } = await importNetwork(engine, place, { providerId, externalId: network_id })
  const vm = await engine.post('/vms', { name: 'bench', cluster: { id: place.clusterId } })
  await engine.post(`/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.post(`/vms/${vm.id}/start`)
  const port = await provider.ports.create({ network_id, 'binding:host_id': lab.hosts[0]!.name })
  const bareNic = { portId: port.id, mac: port.mac_address!, namespace: `vm-${vm.id}` }
  return { vmId: vm.id, profileId, bareNic }
}

/** What the agent has spent in its driver's plugs so far. */
async function driverMs({ lab }: Constellation): Promise<number> {
  const text = await (await fetch(`http://${lab.hosts[0]!.address}:54322/metrics`)).text()
  const sums = text.matchAll(/^agent_driver_seconds_sum\{driver="ovn",verb="plug_device[^}]*\} (\S+)$/gm)
  return [...sums].reduce((total, [, seconds]) => total + Number(seconds) * 1000, 0)
}
