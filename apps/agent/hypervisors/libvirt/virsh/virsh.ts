// virsh: how the agent talks to libvirtd. Calls are bounded in time, and their errors told apart.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CommandError } from '@patchbay/vif-driver/command.ts'
import { openVirshSessions, type VirshSessions } from './virsh-session.ts'

/** Arguments are those of virsh after the connection. Throws a CommandError. */
export interface Virsh {
  /** To its end, which is bounded; answers what it says. */
  call(args: readonly string[], options?: VirshOptions): Promise<string>
  /** A migration takes as long as it takes. `progress`: percent, as often as virsh tells it. */
  migrate(args: readonly string[], options: VirshOptions, progress: (percent: number) => void): Promise<void>
  close(): void
}

export interface VirshOptions {
  /** Takes the place of the argument `xmlFile`. */
  readonly xml?: string | undefined
  /** How long a libvirtd that is away is waited for. */
  readonly patienceMs?: number
  /** How long the call itself may take: 30 s by default. */
  readonly timeoutMs?: number
}

/** virsh takes XML from files only. */
export const xmlFile = '<xml>'

/** A guest's start, or the end of one that resists SIGTERM. */
const defaultTimeoutMs = 30_000
/** An init system has it back sooner. */
const defaultPatienceMs = 10_000
const pauseMs = 100

/** The argv in front of a command that says nothing but what it was asked. */
export const virshArgv = (uri: string) => ['virsh', '-q', '-c', uri]

/**
 * A call that did not reach libvirtd has done nothing, and is made again. `filesDir`: for XML; what an earlier agent left in it is removed.
 */
export function createVirsh(uri: string, filesDir: string): Virsh {
  rmSync(filesDir, { recursive: true, force: true })
  mkdirSync(filesDir, { recursive: true, mode: 0o700 })
  const sessions = openVirshSessions(virshArgv(uri))
  let files = 0

  async function withXml<Result>(
    args: readonly string[],
    xml: string | undefined,
    work: (args: readonly string[]) => Promise<Result>,
  ): Promise<Result> {
    if (xml === undefined) return work(args)
    const file = join(filesDir, `${files++}.xml`)
    await writeFile(file, xml)
    try {
      return await work(args.map((arg) => (arg === xmlFile ? file : arg)))
    } finally {
      await rm(file, { force: true })
    }
  }

  return {
    call: (args, { xml, patienceMs = defaultPatienceMs, timeoutMs = defaultTimeoutMs } = {}) =>
      withXml(args, xml, (given) => patiently(sessions, given, patienceMs, timeoutMs)),
    migrate: (args, { xml }, progress) =>
      withXml(args, xml, (given) => follow(['virsh', '-c', uri, 'migrate', '--verbose', ...given], progress)),
    close: sessions.close,
  }
}

async function patiently(
  sessions: VirshSessions,
  args: readonly string[],
  patienceMs: number,
  timeoutMs: number,
): Promise<string> {
  const deadline = performance.now() + patienceMs
  let wasMissing = false
  for (;;) {
    try {
      return await sessions.run(args, timeoutMs)
    } catch (error) {
      // virsh says the same when the connection breaks as it looks for the domain: it is believed the second time.
      const isDoubtful = noSuchDomain(error) && !wasMissing
      wasMissing = noSuchDomain(error)
      if (isDoubtful) continue
      const mayBeRepeated = isAway(error) || (questions.has(args[0]!) && wasCut(error))
      if (!mayBeRepeated || performance.now() > deadline) throw error
      await delay(pauseMs)
    }
  }
}

/** It says `Migration: [ 45 %]` as it goes on. */
async function follow(argv: readonly string[], progress: (percent: number) => void): Promise<void> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = `${told}${text}`.slice(-4096)
    const percent = /.*Migration: \[\s*(\d+)/s.exec(told)?.[1]
    if (percent !== undefined) progress(Number(percent))
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return
  const complaint = told.replaceAll(/\r?Migration: \[[^\]]*\]/g, '')
  throw new CommandError(argv, code ?? undefined, complaint, 'it was killed')
}

/** Nobody listens, or not any more: nothing was done. */
export const isAway = (error: unknown) =>
  said(error, /failed to (re)?connect to the hypervisor|client socket is closed/i)
/** libvirtd ended in the middle: what it was told may be done. */
const wasCut = (error: unknown) => said(error, /end of file while reading|connection reset|broken pipe/i)
const questions = new Set(['domname', 'domstats', 'dumpxml', 'list', 'nwfilter-list', 'save-image-dumpxml'])
export const noSuchDomain = (error: unknown) => said(error, /failed to get domain|Domain not found/)
export const alreadyRunning = (error: unknown) => said(error, /domain is already running/)
/** None to abort; one that has come to its last step cannot be. */
export const noJob = (error: unknown) => said(error, /no job is active|cannot abort/)

function said(error: unknown, words: RegExp): boolean {
  return error instanceof CommandError && words.test(error.stderr)
}
