// One call of a driver that is an executable: a process of its own, bounded in time and in what it may say.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as delay } from 'node:timers/promises'
import { DriverError } from '../driver-error.ts'
import type { CallRecords } from './call-records.ts'
import { signalGroup } from './process-group.ts'
import { type ExecOutcome, maxReplyBytes } from './protocol.ts'

export interface CallProcess {
  readonly executable: string
  readonly folder: string
  readonly verb: string
  /** All of stdin. */
  readonly request: string
  /** Over, the process group is ended. */
  readonly signal: AbortSignal
  readonly records: CallRecords
  /** A line of stderr. */
  heard(line: string): void
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** How long a driver that was told to end may take to tidy up, and how long to be dead after that. */
const tidyingMs = 500
const dyingMs = 500
const maxLineLength = 2_000
/** Of one call, told: a driver that talks without end must not fill the host's log. */
const maxLines = 200

/** Throws a DriverError when it cannot be started, takes too long or says too much; its processes are ended then. */
export async function callProcess(call: CallProcess): Promise<ExecOutcome> {
  const child = await started(call)
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  const forget = await recorded(child, closed, call.records)
  // The driver acts on nothing before it has read this, so no process acts that is not on record.
  child.stdin.on('error', () => {})
  child.stdin.end(call.request)
  const words = listen(child.stderr, call.heard)
  const reply = collect(child.stdout)
  const over = aborted(call.signal)
  try {
    const first = await Promise.race([closed, over, reply.tooMuch])
    if (typeof first === 'object')
      return { code: first[0], signal: first[1], stdout: reply.text(), lastWords: words.last() }
    await endGroup(child, closed)
    throw first === 'over' ? tookTooLong(child, words.last()) : saidTooMuch()
  } finally {
    forget()
  }
}

async function started({ executable, folder, verb }: CallProcess): Promise<Child> {
  // Its own process group, to be ended with all its children.
  const child: Child = spawn(executable, [verb], { cwd: folder, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  try {
    await once(child, 'spawn')
    return child
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'is the interpreter of its first line installed?' : message
    throw new DriverError('host-setup', `${executable} cannot be started (${code}): ${reason}`)
  }
}

function aborted(signal: AbortSignal): Promise<'over'> {
  const { promise, resolve } = Promise.withResolvers<'over'>()
  signal.addEventListener('abort', () => resolve('over'), { once: true })
  if (signal.aborted) resolve('over')
  return promise
}

/** What cannot be put on record, on a full disk for example, does not run. */
async function recorded(child: Child, closed: Promise<unknown>, records: CallRecords): Promise<() => void> {
  try {
    return records.add(child.pid!)
  } catch (error) {
    await endGroup(child, closed)
    throw new DriverError('host-setup', `the call cannot be put on record: ${(error as Error).message}`)
  }
}

/** First asks, then kills. What left the group, or became another user's, is not waited for. */
async function endGroup(child: Child, closed: Promise<unknown>): Promise<void> {
  signalGroup(child.pid!, 'SIGTERM')
  await Promise.race([closed, delay(tidyingMs)])
  signalGroup(child.pid!, 'SIGKILL')
  await Promise.race([closed, delay(dyingMs)])
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
}

function tookTooLong({ exitCode }: Child, lastWords: string): DriverError {
  // It ended well, and something that it started holds its stdout.
  const why = exitCode === 0 ? 'it ended, but left a process behind that keeps its stdout or stderr open' : ''
  const reason = why || (lastWords && `stderr ends with: ${lastWords}`)
  return new DriverError(
    'timeout',
    `the driver took longer than the time for this call and was killed${reason && `; ${reason}`}`,
  )
}

const saidTooMuch = () =>
  new DriverError('internal', `the driver answered more than ${maxReplyBytes} bytes and was killed`)

function collect(stream: Readable) {
  const chunks: Buffer[] = []
  const { promise: tooMuch, resolve } = Promise.withResolvers<'too much'>()
  let bytes = 0
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxReplyBytes) return resolve('too much')
    chunks.push(chunk)
  })
  return { tooMuch, text: () => Buffer.concat(chunks).toString() }
}

/** Lines as they come, each cut to a length, and not more than a number; keeps the last that says something. */
function listen(stream: Readable, heard: (line: string) => void) {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let last = ''
  let lines = 0
  const tell = (line: string) => {
    const text = line.slice(0, maxLineLength).trim()
    if (text === '') return
    last = text
    lines++
    if (lines <= maxLines) heard(text)
  }
  stream.on('data', (chunk: Buffer) => {
    const whole = (rest + decoder.write(chunk)).split('\n')
    rest = whole.pop()!.slice(0, maxLineLength)
    for (const line of whole) tell(line)
  })
  stream.on('end', () => {
    tell(rest)
    rest = ''
    if (lines > maxLines) heard(`and ${lines - maxLines} more lines`)
  })
  return { last: () => last }
}
