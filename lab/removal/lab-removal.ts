// Takes a lab down, from nothing but what is on disk and in the kernel: whoever built it, however far that got.
import { readFileSync } from 'node:fs'
import { ipBatch } from '../hosts/lab-network.ts'
import { hasRootLink, labNumbers, readLabRecord, releaseNumber, removeLeftovers } from '../lab-claim.ts'
import { labDir, processRecordsDir, rootLink } from '../lab-plan.ts'
import { runCommand } from '../processes/command.ts'
import { isAlive, readRecords, signalProcess } from '../processes/process-record.ts'
import { until } from '../until.ts'
import { labNamespaces, labResidents } from './lab-residents.ts'
import { takeRemovalTurn } from './removal-turn.ts'

const STOP_GRACE_MS = 3_000
const KILL_TIMEOUT_MS = 5_000

/**
 * Removes all processes, namespaces, links, mounts and files of a lab; harmless when there are none.
 * With `id`, only when that lab has the number. Throws when something resists; the rest of the lab then stays listed.
 */
export async function removeLab(number: number, id?: string): Promise<void> {
  await using _turn = await takeRemovalTurn(number)
  const record = readLabRecord(number)
  if (id && record?.id !== id) return
  await stopServices(number)
  await killResidents(number, record?.id)
  await removeNetwork(number)
  await unmountBelow(labDir(number))
  await releaseNumber(number, record?.id ?? `lab-${number}`)
}

/** Removes the lab with this id, under whatever number, also when its creator died before it had one. */
export async function removeLabById(id: string): Promise<void> {
  const number = (await labNumbers()).find((number) => readLabRecord(number)?.id === id)
  if (number !== undefined) await removeLab(number, id)
  await removeLeftovers(id)
}

/** What the lab started may have things to put in order, so it is asked first. */
async function stopServices(number: number): Promise<void> {
  const records = readRecords(processRecordsDir(labDir(number)))
  for (const record of records) signalProcess(record, 'SIGTERM')
  await until(() => !records.some(isAlive), STOP_GRACE_MS)
  for (const record of records) signalProcess(record, 'SIGKILL')
  if (await until(() => !records.some(isAlive), KILL_TIMEOUT_MS)) return
  throw new Error(`lab ${number}: processes survive SIGKILL: ${records.filter(isAlive).map(({ pid }) => pid)}`)
}

/** Again and again, as a process may start another one while it is looked for. */
async function killResidents(number: number, id: string | undefined): Promise<void> {
  const allGone = () => {
    const pids = labResidents(number, id)
    for (const pid of pids) killIfThere(pid)
    return pids.length === 0
  }
  if (await until(allGone, KILL_TIMEOUT_MS)) return
  throw new Error(`lab ${number}: processes survive SIGKILL: ${labResidents(number, id)}`)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended since it was found.
  }
}

async function removeNetwork(number: number): Promise<void> {
  const lines = labNamespaces(number).map((namespace) => `netns del ${namespace}`)
  if (hasRootLink(number)) lines.unshift(`link del ${rootLink(number)}`)
  if (lines.length > 0) await ipBatch(lines)
}

/** Hosts mount out of sight of this namespace. Should anything be there all the same, it must not be deleted through. */
async function unmountBelow(dir: string): Promise<void> {
  const targets = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(`${dir}/`))
  for (const target of targets.reverse()) await runCommand(['umount', '--lazy', target])
}
