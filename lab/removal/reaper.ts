// The creator's side of the reaper: a process that removes the lab when its creator is gone, even by SIGKILL.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Stream } from 'node:stream'
import { LAB_MARK } from '../lab-plan.ts'

export interface Reaper {
  /**
   * Closes with the creator, which wakes the reaper. Commands that build the lab hold it too: were one of them still
   * running after the creator's death, it would add to a lab that is being removed.
   */
  lifeline: Stream
  /** Lets it remove the lab now; resolves when it has ended, whether it could or not. */
  dismiss(): Promise<void>
}

const DISMISS_TIMEOUT_MS = 60_000

/** Started before the lab has a number, so that there is no moment in which nobody would clean up. */
export function startReaper(labId: string): Reaper {
  const { NODE_OPTIONS: _, [LAB_MARK]: __, ...env } = process.env
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lab-reaper.ts'), labId], {
    // Its own session: a Ctrl-C at the terminal is not for it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
    cwd: '/',
  })
  const exited = once(child, 'exit').catch(() => {})
  child.unref()
  const lifeline = child.stdin as typeof child.stdin & { unref(): void }
  lifeline.unref()
  return {
    lifeline,
    async dismiss() {
      lifeline.destroy()
      const timer = setTimeout(() => child.kill('SIGKILL'), DISMISS_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    },
  }
}
