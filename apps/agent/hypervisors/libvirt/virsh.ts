// virsh: how the agent talks to libvirtd. One process for each call, bounded in time, with errors told apart.

import { mkdirSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CommandError, run } from '@patchbay/vif-driver/command.ts'

/** Arguments of virsh after the connection, to its end; answers what it says. Throws a CommandError. */
export type Virsh = (args: readonly string[], options?: VirshOptions) => Promise<string>

export interface VirshOptions {
  /** Takes the place of the argument `xmlFile`. */
  readonly xml?: string
  readonly timeoutMs?: number
}

/** virsh takes XML from files only. */
export const xmlFile = '<xml>'

/** A guest's start, or the end of one that resists SIGTERM. */
const defaultTimeoutMs = 30_000
const patienceMs = 10_000
const pauseMs = 100

/** The argv in front of a command. Quiet: no headings and no empty lines. */
export const virshArgv = (uri: string) => ['virsh', '-q', '-c', uri]

/**
 * A call that did not reach libvirtd has done nothing, and is made again for as long as an init system needs to have it
 * back. `filesDir`: for XML; what an earlier agent left in it is removed.
 */
export function createVirsh(uri: string, filesDir: string): Virsh {
  rmSync(filesDir, { recursive: true, force: true })
  mkdirSync(filesDir, { recursive: true, mode: 0o700 })
  let files = 0
  return async (args, { xml, timeoutMs = defaultTimeoutMs } = {}) => {
    if (xml === undefined) return patiently([...virshArgv(uri), ...args], timeoutMs)
    const file = join(filesDir, `${files++}.xml`)
    await writeFile(file, xml)
    try {
      const withFile = args.map((arg) => (arg === xmlFile ? file : arg))
      return await patiently([...virshArgv(uri), ...withFile], timeoutMs)
    } finally {
      await rm(file, { force: true })
    }
  }
}

async function patiently(argv: readonly string[], timeoutMs: number): Promise<string> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await run(argv, { timeoutMs })
    } catch (error) {
      if (!said(error, /failed to connect to the hypervisor/) || performance.now() > deadline) throw error
      await delay(pauseMs)
    }
  }
}

export const noSuchDomain = (error: unknown) => said(error, /failed to get domain|Domain not found/)
export const alreadyRunning = (error: unknown) => said(error, /domain is already running/)
export const noJob = (error: unknown) => said(error, /no job is active/)

function said(error: unknown, words: RegExp): boolean {
  return error instanceof CommandError && words.test(error.stderr)
}
