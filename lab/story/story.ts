// `npm start`: the whole loop on one machine, told as it happens. `-- --once` ends after the report.
import { spawnSync } from 'node:child_process'
import { once as event } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { libvirtUnavailable } from '../guests/libvirt-unavailable.ts'
import { labUnavailable, ovnUnavailable } from '../lab-unavailable.ts'
import { type Constellation, startConstellation } from '../services/constellation.ts'
import { epilogueSteps, type StoryStep, storySteps } from './story-steps.ts'

const help = `The whole loop on one machine: a laboratory with two hosts, a provider and an engine; a network is imported,
two VMs use it, one migrates. Needs root, and leaves nothing behind.

Usage: npm start [-- [--once] [--backend embedded|ovn] [--guests netns|libvirt]]
  --once      end after the report; exit code 0 only if every step held
  --backend   of the provider, and with it what carries frames: embedded (Linux bridges and VXLAN; the default), or
              ovn (OVN, Open vSwitch and Geneve)
  --guests    what the VMs are: netns (network namespaces: quick; the default), or libvirt (virtual machines of QEMU,
              without KVM)
`

const options = {
  once: { type: 'boolean' },
  guests: { type: 'string', default: 'netns' },
  backend: { type: 'string', default: 'embedded' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Stops the story between two steps. */
class Interrupted extends Error {}

async function main(): Promise<number> {
  const { values } = parseArgs({ options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const { once = false, backend, guests } = values
  if (backend !== 'embedded' && backend !== 'ovn') {
    process.stderr.write(`--backend ${backend}: it is embedded or ovn\n`)
    return 2
  }
  if (guests !== 'netns' && guests !== 'libvirt') {
    process.stderr.write(`--guests ${guests}: it is netns or libvirt\n`)
    return 2
  }
  if (backend === 'ovn' && ovnUnavailable()) installFor('ovn')
  if (guests === 'libvirt' && libvirtUnavailable()) installFor('libvirt')
  const unavailable =
    labUnavailable() ??
    (backend === 'ovn' ? ovnUnavailable() : undefined) ??
    (guests === 'libvirt' ? libvirtUnavailable() : undefined)
  if (unavailable) {
    process.stderr.write(`This machine cannot have a laboratory: ${unavailable}\n`)
    return 1
  }
  const interrupted = onInterrupt()
  try {
    await using constellation = await told(
      'a laboratory with two hosts, a provider and an engine',
      () => startConstellation({ hosts: ['host-a', 'host-b'], tls: true, backend, guests }),
      describe,
    )
    await tell(storySteps(constellation), interrupted)
    if (once) await tell(epilogueSteps(constellation), interrupted)
    process.stdout.write('\nEvery step held.\n')
    if (!once) await stayUp(constellation, interrupted)
    return 0
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stdout.write('\nInterrupted. The laboratory is gone.\n')
      return 130
    }
    process.stdout.write('\nThe story did not hold.\n')
    return 1
  }
}

/** System packages that not every story needs. Says itself what it installs, or what is missing. */
function installFor(goal: string): void {
  spawnSync('sh', [join(import.meta.dirname, '../../tools/prepare.sh'), goal], { stdio: 'inherit' })
}

async function tell(steps: readonly StoryStep[], interrupted: AbortSignal): Promise<void> {
  for (const step of steps) {
    if (interrupted.aborted) throw new Interrupted()
    await told(
      step.title,
      () => step.run(),
      (seen) => seen,
    )
  }
}

async function told<Result>(
  title: string,
  work: () => Promise<Result>,
  seen: (result: Result) => string,
): Promise<Result> {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  try {
    const result = await work()
    process.stdout.write(`✓ ${title} (${seconds()})\n    ${seen(result)}\n`)
    return result
  } catch (error) {
    process.stdout.write(`✗ ${title} (${seconds()})\n    ${(error as Error).message}\n`)
    throw error
  }
}

const describe = ({ urls, lab, dataPlane }: Constellation) =>
  `laboratory ${lab.number}: provider ${urls.provider}, engine ${urls.engine}; ${dataPlane.name} between the hosts`

async function stayUp(
  { urls, user, password, services, lab, guests }: Constellation,
  interrupted: AbortSignal,
): Promise<void> {
  process.stdout.write(`
It stays up until Ctrl-C. Look around from another terminal:
  portal      ${new URL('/', urls.engine)} (user ${user}, password ${password})
  engine      curl -u ${user}:${password} ${urls.engine}/vms
  provider    ${urls.provider}/v2.0/ (tokens: ${urls.identity}, user admin, password ${password})
  a host      nsenter -t ${lab.hosts[0]!.pid} -n -m -u ${guests === 'libvirt' ? 'virsh list' : 'ip netns'}
  logs        ${Object.values(services)
    .map(({ log }) => log)
    .join('\n              ')}
`)
  // A signal alone does not keep a process alive.
  const alive = setInterval(() => {}, 3_600_000)
  if (!interrupted.aborted) await event(interrupted, 'abort')
  clearInterval(alive)
  process.stdout.write('\nRemoving everything.\n')
}

/** Aborted by the first Ctrl-C; the laboratory's processes have sessions of their own and do not see it. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort())
  return controller.signal
}

process.exitCode = await main()
