// `npm start` as a process: it tells the whole loop, and leaves nothing behind however it ends.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { libvirtUnavailable } from '../lab/guests/libvirt-unavailable.ts'
import { readLabRecord } from '../lab/lab-claim.ts'
import { labDir, processRecordsDir, rootLink } from '../lab/lab-plan.ts'
import { labUnavailable, ovnUnavailable } from '../lab/lab-unavailable.ts'
import { labNamespaces, labResidents } from '../lab/removal/lab-residents.ts'
import { until } from '../lab/until.ts'

const skip = labUnavailable()
const boundMs = 180_000

for (const [where, options, missing, told] of [
  ['on Linux bridges', [], skip, /✓ vm-a migrates to host-b/],
  ['with virtual machines', ['--guests', 'libvirt'], libvirtUnavailable(), /✓ vm-a migrates to host-b/],
  ['on OVN', ['--backend', 'ovn'], skip ?? ovnUnavailable(), /OVIRT_PROVIDER_OVN: test succeeded/],
  [
    'with virtual machines on OVN',
    ['--guests', 'libvirt', '--backend', 'ovn'],
    libvirtUnavailable() ?? ovnUnavailable(),
    /OVIRT_PROVIDER_OVN: test succeeded/,
  ],
] as const) {
  test(`the story ${where}: every step holds, exit code 0, nothing left`, { skip: missing }, async (t) => {
    const story = tell(t, '--once', ...options)
    assert.deepEqual(await story.end(), [0, null], story.told())
    assert.match(story.told(), told)
    assert.match(story.told(), /\nEvery step held\.\n$/)
    assert.doesNotMatch(story.told(), /✗/)
    await nothingIsLeft(await story.lab())
  })
}

test('a backend that there is not: exit code 2, and its name', async (t) => {
  const story = tell(t, '--backend', 'carrier-pigeons')
  assert.deepEqual(await story.end(), [2, null])
  assert.match(story.told(), /carrier-pigeons: it is embedded or ovn/)
})

for (const [when, after] of [
  ['while a step is told', '✓ its network is imported'],
  ['while it stays up', 'It stays up until Ctrl-C'],
] as const) {
  test(`Ctrl-C ${when}: exit in good order, nothing left`, { skip }, async (t) => {
    const story = tell(t)
    await story.until(after)
    story.process.kill('SIGINT')
    const [code] = await story.end()
    assert.ok(code === 130 || code === 0, story.told())
    await nothingIsLeft(await story.lab())
  })
}

test('a step that fails, because the provider is gone: exit code 1 with the reason, nothing left', {
  skip,
}, async (t) => {
  const story = tell(t, '--once')
  await story.until('✓ two VMs with a vNIC each')
  const lab = await story.lab()
  process.kill(serviceOf(lab.number, 'apps/provider/main.ts'), 'SIGKILL')
  assert.deepEqual(await story.end(), [1, null], story.told())
  assert.match(story.told(), /✗ .*\n {4}.*(refused|failed).*\n\nThe story did not hold\.\n$/)
  await nothingIsLeft(lab)
})

interface Lab {
  readonly number: number
  /** Tells it from the next one with the number. */
  readonly id: string
}

function tell(t: TestContext, ...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '../lab/story/story.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let told = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      told += text
    })
  // 'close' comes after the last of the output.
  const ended = once(child, 'close', { signal: AbortSignal.timeout(boundMs) }) as Promise<
    [number | null, string | null]
  >
  ended.catch(() => {})
  t.after(() => void child.kill('SIGINT'))

  async function untilTold(words: string): Promise<void> {
    const isThere = await until(() => told.includes(words) || child.exitCode !== null, boundMs, 10)
    assert.ok(isThere && told.includes(words), `"${words}" did not come:\n${told}`)
  }
  let lab: Lab | undefined
  // Read while it is there.
  const found = untilTold('laboratory ').then(async () => {
    await until(() => /laboratory \d+:/.test(told), boundMs)
    const number = Number(/laboratory (\d+):/.exec(told)?.[1])
    lab = { number, id: readLabRecord(number)!.id }
  })
  found.catch(() => {})
  return {
    process: child,
    told: () => told,
    until: untilTold,
    end: () => ended,
    async lab(): Promise<Lab> {
      await found
      return lab!
    },
  }
}

/** Pid of a service of the lab, by what its command line says. */
function serviceOf(number: number, command: string): number {
  const dir = processRecordsDir(labDir(number))
  const records = readdirSync(dir).map((file) => JSON.parse(readFileSync(join(dir, file), 'utf8')))
  return records.find((record: { command: string }) => record.command.includes(command)).pid
}

/** Looks at once: the story ends only when all is gone. */
async function nothingIsLeft({ number, id }: Lab): Promise<void> {
  const left = [
    ...labResidents(number, id).filter((pid) => isOf(pid, id)),
    ...(existsSync(labDir(number)) ? [labDir(number)] : []),
    ...labNamespaces(number),
    ...(existsSync(`/sys/class/net/${rootLink(number)}`) ? [rootLink(number)] : []),
  ]
  // Its number may have been given to another laboratory already.
  const owner = readLabRecord(number)?.id ?? id
  if (owner === id) assert.deepEqual(left, [])
}

/** Whether the process carries the mark of the lab: all that its services started does. */
function isOf(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(id)
  } catch {
    return false
  }
}
