// The agent's memory over a thousand plugs and unplugs of one NIC: it must not grow.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startLabAgent } from '../apps/agent/testing/lab-agent.ts'
import { testNic, testVm } from '../apps/agent/testing/vm-xml.ts'
import { createLab } from '../lab/lab.ts'
import { labUnavailable } from '../lab/lab-unavailable.ts'
import { report } from './report.ts'

/** Until its code is compiled and its heap has found its size. */
const warmUp = 300
const cycles = 1000

const unavailable = labUnavailable()
if (unavailable) console.log(`plug-cycles: skipped, ${unavailable}`)
else process.exitCode = (await measure()) ? 0 : 1

async function measure(): Promise<boolean> {
  await using lab = await createLab({ hosts: ['host-a'] })
  const host = lab.host('host-a')
  const hooks = join(host.dir, 'no-hooks')
  mkdirSync(hooks, { recursive: true })
  await using agent = await startLabAgent(host, {
    config: { 'hooks-dir': hooks },
    env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: '--max-semi-space-size=4' },
  })
  const vm = testVm(1)
  await agent.create({ ...vm, nics: [] })
  const nic = testNic(1, 1, { pluginType: 'NOOP' })
  const plugAndUnplug = async (times: number) => {
    const begun = performance.now()
    for (let n = 0; n < times; n++) {
      await agent.hotplug(vm.vmId, nic)
      await agent.hotunplug(vm.vmId, nic.alias)
    }
    return (performance.now() - begun) / times
  }
  const memory = () => residentMiB(agent.process.pid)
  await plugAndUnplug(warmUp)
  const before = memory()
  const cycleMs = await plugAndUnplug(cycles)
  const after = memory()
  await agent.clear()
  return report('plug-cycles', [
    { what: 'one plug and unplug', value: cycleMs, unit: 'ms' },
    { what: `agent after ${warmUp} of them`, value: before, unit: 'MiB' },
    { what: `agent after ${cycles} more`, value: after, unit: 'MiB' },
    { what: 'growth', value: after / before, unit: '', goal: '<= 1.1' },
  ])
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
