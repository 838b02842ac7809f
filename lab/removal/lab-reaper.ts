// Process that waits for the end of a lab's creator and then removes the lab. Started by reaper.ts.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labNumbers, readLabRecord } from '../lab-claim.ts'
import { labDir } from '../lab-plan.ts'
import { removeLabById } from './lab-removal.ts'

const [, , labId = ''] = process.argv

await creatorGone()
try {
  await removeLabById(labId)
} catch (error) {
  await leaveNote(error)
  process.exitCode = 1
}

/** Nothing is ever written to the pipe: it ends with its last holder. */
async function creatorGone(): Promise<void> {
  for await (const _ of process.stdin);
}

/** Nobody listens any more; whoever finds the lab later should find the reason beside it. */
async function leaveNote(error: unknown): Promise<void> {
  for (const number of await labNumbers()) {
    if (readLabRecord(number)?.id === labId) await writeFile(join(labDir(number), 'removal.log'), `${error}\n`)
  }
}
