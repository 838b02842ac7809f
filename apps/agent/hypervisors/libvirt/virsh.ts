// virsh: how the agent talks to libvirtd. One process for each call, bounded in time, with errors told apart.

import { setTimeout as delay } from 'node:timers/promises'
import { CommandError, type RunOptions, run } from '@patchbay/vif-driver/command.ts'

/** Arguments of virsh after the connection, to its end; answers what it says. Throws a CommandError. */
export type Virsh = (args: readonly string[], options?: VirshOptions) => Promise<string>

export interface VirshOptions extends Pick<RunOptions, 'input' | 'timeoutMs'> {
  /** How long a libvirtd that is not there is waited for. */
  readonly patienceMs?: number
}

/** A guest's start, or the end of one that resists SIGTERM. */
const defaultTimeoutMs = 30_000
/** An init system has it back sooner. */
const defaultPatienceMs = 10_000
const pauseMs = 100

/** Where virsh reads `input`: it takes XML from files only. */
export const fromInput = '/dev/stdin'

/** The argv in front of a command. Quiet: no headings and no empty lines. */
export const virshArgv = (uri: string) => ['virsh', '-q', '-c', uri]

/** A call that did not reach libvirtd has done nothing, and is made again. */
export function createVirsh(uri: string): Virsh {
  return async (args, { patienceMs = defaultPatienceMs, timeoutMs = defaultTimeoutMs, input } = {}) => {
    const deadline = performance.now() + patienceMs
    for (;;) {
      try {
        return await run([...virshArgv(uri), ...args], { timeoutMs, ...(input !== undefined && { input }) })
      } catch (error) {
        if (!said(error, /failed to connect to the hypervisor/) || performance.now() > deadline) throw error
        await delay(pauseMs)
      }
    }
  }
}

export const noSuchDomain = (error: unknown) => said(error, /failed to get domain|Domain not found/)
export const alreadyRunning = (error: unknown) => said(error, /domain is already running/)
export const noJob = (error: unknown) => said(error, /no job is active/)

/** libvirtd went away in the middle: whether the command was done is not known. */
export const connectionLost = (error: unknown) =>
  said(error, /failed to connect to the hypervisor|client socket is closed|End of file while reading|Connection reset/)

function said(error: unknown, words: RegExp): boolean {
  return error instanceof CommandError && words.test(error.stderr)
}
