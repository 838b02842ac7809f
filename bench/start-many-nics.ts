// Twenty guests of namespaces with ten NICs each, started at once on one host, against the bare commands for the same.
import { mkdirSync, mkdtempDisposableSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type LabAgent, startLabAgent } from '../apps/agent/testing/lab-agent.ts'
import { domainXml, type TestVm, testNic, testVm } from '../apps/agent/testing/vm-xml.ts'
import type { LabHost } from '../lab/hosts/lab-host.ts'
import { createLab } from '../lab/lab.ts'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { until } from '../lab/until.ts'
import { bareGuests } from './bare/guests.ts'
import { median } from './load.ts'
import { report } from './report.ts'

const guests = 20
const nicsEach = 10
/** The first is not counted: the agent's code is compiled as it is used. */
const rounds = 3
const startedMs = 120_000

const unavailable = labUnavailable()
if (unavailable) console.log(`start-many-nics: skipped, ${unavailable}`)
else process.exitCode = (await measure()) ? 0 : 1

async function measure(): Promise<boolean> {
  await using lab = await createLab({ hosts: ['host-a'] })
  const host = lab.host('host-a')
  // In memory, as /run is on hosts; that of a laboratory may be on a disk.
  using runDir = mkdtempDisposableSync('/dev/shm/patchbay-bench-')
  await using agent = await startPlainAgent(host, runDir.path)
  const totals: number[] = []
  const bare: number[] = []
  for (let round = 0; round < rounds; round++) {
    totals.push(await startAll(agent, round))
    bare.push(await bareGuests(host, guests, nicsEach))
  }
  const [total, commands] = [median(totals.slice(1)), median(bare.slice(1))]
  const cores = Math.min(availableParallelism(), 2)
  return report('start-many-nics', [
    {
      what: `${guests * nicsEach} NICs of ${guests} guests, from the first request to the last guest Up`,
      value: total,
      unit: 'ms',
    },
    { what: 'their bare commands, one after the other', value: commands, unit: 'ms' },
    {
      what: `ratio to the bare commands on ${cores} cores`,
      value: total / (commands / cores),
      unit: '',
      goal: '<= 1.5',
    },
  ])
}

/** Without the hooks and the `ip` that tests have. */
function startPlainAgent(host: LabHost, runDir: string): Promise<LabAgent> {
  const hooks = join(host.dir, 'no-hooks')
  mkdirSync(hooks, { recursive: true })
  const config = { 'hooks-dir': hooks, 'run-dir': runDir }
  return startLabAgent(host, { config, env: { PATH: process.env.PATH ?? '' } })
}

/** Milliseconds; the guests are gone again afterwards. */
async function startAll(agent: LabAgent, round: number): Promise<number> {
  const vms = Array.from({ length: guests }, (_, index): TestVm => {
    const n = 1 + round * guests + index
    return testVm(n, 0, { nics: Array.from({ length: nicsEach }, (_, nic) => testNic(n, nic, { pluginType: 'NOOP' })) })
  })
  const isUp = ({ vmId }: TestVm) =>
    agent.events.some(({ params }) => (params as Record<string, { status?: string }>)[vmId]?.status === 'Up')
  const begun = performance.now()
  await Promise.all(
    vms.map((vm) => agent.call('VM.create', { vmID: vm.vmId, vmParams: { vmId: vm.vmId, xml: domainXml(vm) } })),
  )
  if (!(await until(() => vms.every(isUp), startedMs, 5))) throw new Error('not every guest is Up')
  const total = performance.now() - begun
  for (const { vmId } of vms) await agent.destroy(vmId)
  await agent.assertClean()
  return total
}
