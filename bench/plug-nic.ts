// Plugging one vNIC into a running VM, from the request to the engine until its port is wired: the whole, and how much of
// it is Patchbay's own. The rest is what nobody can leave out: the tools (ip, nft), run bare by a script in the same run.
import { type Constellation, startConstellation } from '../lab/constellation.ts'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { median } from './load.ts'
import { report } from './report.ts'

const rounds = 30

const unavailable = labUnavailable()
if (unavailable) {
  console.log(`plug-nic: skipped, ${unavailable}`)
} else {
  await using constellation = await startConstellation({ hosts: ['host-a'] })
  process.exitCode = (await measure(constellation)) ? 0 : 1
}

async function measure(constellation: Constellation): Promise<boolean> {
  const { vmId, profileId } = await runningVm(constellation)
  const totals: number[] = []
  const tools: number[] = []
  const bares: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = await toolMs(constellation)
    const started = performance.now()
    const nic = await constellation.engine.post(`/vms/${vmId}/nics`, {
      name: `nic-${round}`,
      vnic_profile: { id: profileId },
    })
    totals.push(performance.now() - started)
    tools.push((await toolMs(constellation)) - before)
    await constellation.engine.post(`${nic.href}/deactivate`)
    await constellation.engine.delete(nic.href)
    bares.push(await bareMs(constellation, round))
  }
  const total = median(totals)
  return report('plug-nic', [
    { what: 'request to wired', value: total, unit: 'ms' },
    { what: 'of it in tools (ip, nft)', value: median(tools), unit: 'ms' },
    { what: 'the same tools, run bare by a script', value: median(bares), unit: 'ms' },
    { what: 'share outside the tools', value: 1 - median(tools) / total, unit: '', goal: '<= 0.4' },
  ])
}

/** A VM that runs with one vNIC, so that the network is on the host already. */
async function runningVm({
  engine,
  provider,
  lab,
  urls,
  password,
}: Constellation): Promise<{ vmId: string; profileId: string }> {
  const network = await provider.networks.create({ name: 'bench' })
  await provider.subnets.create({ network_id: network.id, ip_version: 4, cidr: '10.0.0.0/16' })
  const dataCenter = await engine.post('/datacenters', { name: 'bench' })
  const cluster = await engine.post('/clusters', { name: 'bench', data_center: { id: dataCenter.id } })
  const host = lab.hosts[0]!
  await engine.post('/hosts', { name: host.name, address: host.address, cluster: { id: cluster.id } })
  const sdn = await engine.post('/openstacknetworkproviders', {
    name: 'sdn',
    type: 'external',
    url: urls.provider,
    requires_authentication: true,
    username: 'admin',
    password,
    authentication_url: urls.identity,
    external_plugin_type: 'LINUX_BRIDGE',
  })
  await engine.post(`${sdn.href}/networks/${network.id}/import`, { data_center: { id: dataCenter.id } })
  const [imported] = await engine.list('/networks')
  await engine.post(`/clusters/${cluster.id}/networks`, { id: imported.id, required: 'false' })
  const [profile] = await engine.list('/vnicprofiles')
  const vm = await engine.post('/vms', { name: 'bench', cluster: { id: cluster.id } })
  await engine.post(`/vms/${vm.id}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
  while ((await engine.list('/hosts'))[0].status !== 'up');
  await engine.post(`/vms/${vm.id}/start`)
  return { vmId: vm.id, profileId: profile.id }
}

/** What the agent has spent in tools so far. */
async function toolMs({ lab }: Constellation): Promise<number> {
  const text = await (await fetch(`http://${lab.hosts[0]!.address}:54322/metrics`)).text()
  const sums = text.matchAll(/^agent_command_seconds_sum\{[^}]*\} (\S+)$/gm)
  return [...sums].reduce((total, [, seconds]) => total + Number(seconds) * 1000, 0)
}

/** The same work by hand: filter rules, a veth pair on a bridge, its other end up. */
async function bareMs({ lab }: Constellation, round: number): Promise<number> {
  const host = lab.hosts[0]!
  const tap = `bare${round}`
  await host.exec(['sh', '-c', `ip netns add ${tap}; ip link add br${tap} type bridge; ip link set br${tap} up`])
  const script = `
    start=$(date +%s%N)
    printf 'add table bridge ${tap}\\nadd chain bridge ${tap} guest\\nadd rule bridge ${tap} guest ether saddr != fa:16:3e:00:00:01 drop\\n' | nft -f -
    printf 'link add ${tap} type veth peer name eth0 address fa:16:3e:00:00:01 netns ${tap}\\nlink set ${tap} addrgenmode none\\nlink set ${tap} master br${tap}\\nlink set ${tap} up\\n' | ip -batch -
    printf 'link set eth0 addrgenmode none\\nlink set eth0 up\\n' | ip -n ${tap} -batch -
    echo $(( $(date +%s%N) - start ))`
  const { stdout } = await host.exec(['sh', '-c', script])
  await host.exec([
    'sh',
    '-c',
    `ip link del ${tap}; ip link del br${tap}; ip netns del ${tap}; nft delete table bridge ${tap}`,
  ])
  return Number(stdout) / 1e6
}
