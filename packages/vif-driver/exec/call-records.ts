// Which processes of a driver run: written down, so that a host's agent that starts again ends those of its last life
// before it calls the driver anew.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { signalGroup } from './process-group.ts'

export interface CallRecords {
  /** Answers what forgets the process again. */
  add(pid: number): () => void
}

const dyingMs = 5_000
const pollMs = 5

/**
 * One file for each process in `folder`, whose name says everything: for an empty file there is room on a disk that a driver
 * has filled, and so it can be called to undo. Ends what is on record there; throws when something does not end.
 */
export async function openCallRecords(folder: string): Promise<CallRecords> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder)) {
    const [pid, startedAt = ''] = name.split('-')
    await end(Number(pid), startedAt)
    rmSync(join(folder, name), { force: true })
  }
  return {
    add(pid) {
      const file = join(folder, `${pid}-${startOf(pid) ?? ''}`)
      closeSync(openSync(file, 'w'))
      return () => rmSync(file, { force: true })
    },
  }
}

async function end(pid: number, startedAt: string): Promise<void> {
  const deadline = performance.now() + dyingMs
  while (startOf(pid) === startedAt && startedAt !== '') {
    signalGroup(pid, 'SIGKILL')
    if (performance.now() > deadline) throw new Error(`process ${pid} of an earlier call does not end`)
    await delay(pollMs)
  }
}

/** In ticks since the boot: with it, a pid means one process for ever. undefined when it has ended. */
function startOf(pid: number): string | undefined {
  try {
    // The name, in parentheses, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
