// `npm test [-- PLACE …]`: the tests below the places (all by default), and then a look whether they left anything.
import { spawnSync } from 'node:child_process'
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { takeScratchMemory } from './scratch-memory.ts'

const root = resolve(import.meta.dirname, '..')
process.chdir(root)

const places = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const files = (places.length > 0 ? places : ['packages', 'apps', 'drivers', 'examples', 'lab', 'tools', 'e2e']).flatMap(
  testsBelow,
)
if (files.length === 0) {
  console.error(`no tests below ${places.join(', ')}`)
  process.exit(1)
}

const reporters = ['spec', './tools/slowest-files.ts'].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  '--test-reporter-destination=stdout',
])
const before = leftovers()
const scratch = takeScratchMemory()
const { status } = spawnSync(
  process.execPath,
  // One more than the cores of a small machine: many tests mostly wait.
  ['--test', ...reporters, '--test-timeout=600000', '--test-concurrency=3', ...files],
  // Hundreds of processes load the same modules: compiled once, each starts in two thirds of the time.
  {
    stdio: 'inherit',
    env: { ...process.env, ...scratch.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.compile-cache') },
  },
)
scratch.free()
const left = leftovers().filter((thing) => !before.includes(thing))
if (left.length > 0) console.error(`\nThe tests left behind:\n  ${left.join('\n  ')}`)
process.exit(left.length > 0 ? 1 : (status ?? 1))

function testsBelow(place: string): string[] {
  if (statSync(place).isFile()) return [place]
  return globSync(`${place}/**/*.test.ts`, { exclude: ['**/node_modules/**'] }).sort()
}

/** Network namespaces, links, files of ours below /run, and processes of ours on this machine. */
function leftovers(): string[] {
  return [
    ...list('/run/netns').map((name) => `namespace ${name}`),
    ...list('/sys/class/net').map((name) => `link ${name}`),
    ...list('/run')
      .filter((name) => name.startsWith('patchbay'))
      .map((name) => `/run/${name}`),
    ...list('/run/patchbay-lab').map((name) => `/run/patchbay-lab/${name}`),
    ...list('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(ownProcess),
  ]
}

/** A process of this checkout, or one that its hosts run. The test runner itself is neither. */
function ownProcess(pid: string): string[] {
  try {
    const command = readFileSync(join('/proc', pid, 'cmdline'), 'utf8')
      .replaceAll('\0', ' ')
      .trim()
    const ours =
      command.includes(`${root}/apps`) ||
      command.includes(`${root}/lab`) ||
      /^(dnsmasq|busybox udhcpc|libvirtd|virsh|\S*qemu-system|\S*postgres -D \S*patchbay)/.test(command)
    return ours ? [`process ${command}`] : []
  } catch {
    return []
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
