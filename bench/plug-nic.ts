// Plugging one vNIC into a running VM, from the request to the engine until its port is wired: the whole, and how much of
// it is Patchbay's own. The rest is what nobody can leave out: the tools, and the system calls, measured bare in this run.

import { labUnavailable } from '../lab/lab-unavailable.ts'
import { type Constellation, startConstellation } from '../lab/services/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../lab/services/engine-scene.ts'
import { measureSystemCalls, type SystemCalls } from './bare/system-calls.ts'
import { median } from './load.ts'
import { report } from './report.ts'

/** Not counted: the services' code is compiled as it is used. */
const warmUp = 60
const rounds = 60

/**
 * What one plug takes. Rows committed: the intent, the port's id, the result and two events by the engine, port and wire
 * by the provider. Files replaced: the NIC's record as begun, as owned by its driver, as prepared and as plugged, that of
 * the guest, and three of the driver. Exchanges, those at the same time counted once: the request, look-up, creation and
 * the call of the host by the engine, port, network and wire by the driver.
 */
const needs = { commits: 7, files: 8, exchanges: 7 }

const unavailable = labUnavailable()
if (unavailable) {
  console.log(`plug-nic: skipped, ${unavailable}`)
} else {
  await using constellation = await startConstellation({ hosts: ['host-a'] })
  process.exitCode = (await measure(constellation)) ? 0 : 1
}

async function measure(constellation: Constellation): Promise<boolean> {
  const { engine } = constellation
  const { vmId, profileId } = await runningVm(constellation)
  const totals: number[] = []
  const tools: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const before = await toolMs(constellation)
    const started = performance.now()
    const nic = await engine.post(`/vms/${vmId}/nics`, { name: `nic-${round}`, vnic_profile: { id: profileId } })
    const totalMs = performance.now() - started
    const toolsMs = (await toolMs(constellation)) - before
    if (round >= 0) {
      totals.push(totalMs)
      tools.push(toolsMs)
    }
    await engine.post(`${nic.href}/deactivate`)
    await engine.delete(nic.href)
  }
  const bare = await measureSystemCalls()
  const [total, inTools, inCalls] = [median(totals), median(tools), callMs(bare)]
  return report('plug-nic', [
    { what: 'request to wired', value: total, unit: 'ms' },
    { what: 'of it in tools: nft, ip, udhcpc', value: inTools, unit: 'ms' },
    { what: `its ${needs.commits} commits, bare`, value: needs.commits * bare.commitMs, unit: 'ms' },
    { what: `its ${needs.files} replaced files, bare`, value: needs.files * bare.fileMs, unit: 'ms' },
    { what: `its ${needs.exchanges} exchanges, bare`, value: needs.exchanges * bare.exchangeMs, unit: 'ms' },
    { what: 'share outside tools', value: 1 - inTools / total, unit: '' },
    {
      what: 'share outside tools and system calls',
      value: 1 - (inTools + inCalls) / total,
      unit: '',
      goal: '<= 0.4',
    },
  ])
}

function callMs({ commitMs, fileMs, exchangeMs }: SystemCalls): number {
  return needs.commits * commitMs + needs.files * fileMs + needs.exchanges * exchangeMs
}

/** A VM that runs with one vNIC, so that the network is on the host already. */
async function runningVm(constellation: Constellation): Promise<{ vmId: string; profileId: string }> {
  const { engine, provider, lab, urls, password } = constellation
  const { id: externalId } = await provider.networks.create({ name: 'bench' })
  await provider.subnets.create({ network_id: externalId, ip_version: 4, cidr: '10.0.0.0/16' })
  const place = await addCluster(engine, 'bench')
  await addHosts(
    engine,
    place.clusterId,
    lab.hosts.map(({ name, address }) => ({ name, address })),
  )
  const providerId = await addProvider(engine, { url: urls.provider, authenticationUrl: urls.identity, password })
  const { profileId } = await importNetwork(engine, place, { providerId, externalId })
  const vm = await engine.post('/vms', { name: 'bench', cluster: { id: place.clusterId } })
  await engine.post(`/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })
  await engine.post(`/vms/${vm.id}/start`)
  return { vmId: vm.id, profileId }
}

/** What the agent has spent in tools so far. */
async function toolMs({ lab }: Constellation): Promise<number> {
  const text = await (await fetch(`http://${lab.hosts[0]!.address}:54322/metrics`)).text()
  const sums = text.matchAll(/^agent_command_seconds_sum\{[^}]*\} (\S+)$/gm)
  return [...sums].reduce((total, [, seconds]) => total + Number(seconds) * 1000, 0)
}
