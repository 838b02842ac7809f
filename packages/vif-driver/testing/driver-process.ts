// A driver in a process of its own, on whatever host can start one: it acts on that host's links, and can be killed.
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Call, DriverManifest, VifDriver, verbs } from '../contract.ts'
import { DriverError, type DriverErrorKind } from '../driver-error.ts'

/** A host that can start processes; a host of the laboratory is one. */
export interface DriverPlace {
  readonly name: string
  /** A folder with a short name and the same one on both sides. */
  readonly dir: string
  spawn(argv: readonly string[], options: { log: string; env?: Record<string, string> }): PlacedProcess
}

export interface PlacedProcess {
  readonly pid: number
  readonly log: string
  readonly exited: Promise<unknown>
  kill(signal?: NodeJS.Signals): void
}

export interface DriverSettings {
  /** Of a `driver.ts`, or of the folder of a driver. */
  readonly path: string
  readonly options?: unknown
  readonly instance?: string | undefined
  /** Left out: a folder below the place's, the same for each start. */
  readonly stateDir?: string
  readonly env?: Record<string, string>
}

export interface DriverProcess extends AsyncDisposable {
  readonly driver: VifDriver
  readonly pid: number
  /** Kills it in the middle of whatever it does. Calls that it did not answer reject. */
  kill(): Promise<void>
}

export interface Start {
  readonly path: string
  readonly options: unknown
  readonly hostName: string
  readonly instance?: string | undefined
  readonly stateDir: string
}

type Verb = (typeof verbs)[number]
export interface Question {
  readonly id: number
  readonly verb: Verb
  readonly given: unknown[]
}

export interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly name: string; readonly message: string; readonly kind?: string | undefined }
}

const runner = join(import.meta.dirname, 'driver-runner.ts')
const startTimeoutMs = 20_000
let started = 0

export const stateDirOn = (place: DriverPlace, instance?: string) =>
  join(place.dir, instance === undefined ? 'driver' : `driver-${instance}`)

/** Resolves when the driver takes calls. Rejects with the end of its log when it does not. */
export async function startDriverProcess(place: DriverPlace, settings: DriverSettings): Promise<DriverProcess> {
  const { path, options, instance, stateDir = stateDirOn(place, instance), env } = settings
  mkdirSync(stateDir, { recursive: true })
  const socketPath = join(place.dir, `driver-${++started}.sock`)
  const server = createServer().listen(socketPath)
  const child = place.spawn([process.execPath, runner, socketPath], { log: 'driver.log', env })
  try {
    const socket = await connected(server, child)
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
    socket.write(`${JSON.stringify({ path, options, hostName: place.name, instance, stateDir } satisfies Start)}\n`)
    const hello = await lines.next().catch(() => undefined)
    if (!hello?.value) throw new Error(`the driver did not start:\n${tail(child.log)}`)
    const { manifest, verbs } = JSON.parse(hello.value) as { manifest: DriverManifest; verbs: Verb[] }
    const ask = conversation(socket, lines)
    const kill = async () => {
      child.kill('SIGKILL')
      await child.exited
    }
    const driver = { manifest, ...Object.fromEntries(verbs.map((verb) => [verb, ask(verb)])) } as unknown as VifDriver
    return { driver, pid: child.pid, kill, [Symbol.asyncDispose]: kill }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    server.close()
    rmSync(socketPath, { force: true })
  }
}

async function connected(server: Server, child: PlacedProcess): Promise<Socket> {
  const ended = child.exited.then(() => {
    throw new Error(`the driver's process ended:\n${tail(child.log)}`)
  })
  const connection = once(server, 'connection', { signal: AbortSignal.timeout(startTimeoutMs) })
  const [socket] = (await Promise.race([connection, ended])) as [Socket]
  // A process that was killed resets the connection: whoever reads from it notices.
  socket.on('error', () => {})
  return socket
}

/** Answers a function for each verb that asks the process. */
function conversation(socket: Socket, lines: AsyncIterableIterator<string>) {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const say = (message: object) => socket.writable && socket.write(`${JSON.stringify(message)}\n`)
  void hear(lines, waiting)
  let last = 0
  return (verb: Verb) =>
    async (...given: unknown[]) => {
      const id = ++last
      const answered = Promise.withResolvers<unknown>()
      waiting.set(id, answered)
      say({ id, verb, given: given.map(withoutSignal) } satisfies Question)
      const signal = given.find(isCall)?.signal
      const abort = () => say({ abort: id })
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort)
      if (socket.destroyed) waiting.get(id)?.reject(ended())
      return answered.promise.finally(() => signal?.removeEventListener('abort', abort))
    }
}

async function hear(lines: AsyncIterableIterator<string>, waiting: Map<number, PromiseWithResolvers<unknown>>) {
  try {
    for await (const line of lines) {
      const { id, result, error } = JSON.parse(line) as Answer
      if (error) waiting.get(id)?.reject(toError(error))
      else waiting.get(id)?.resolve(result)
      waiting.delete(id)
    }
  } catch {
    // It was killed, perhaps in the middle of a line.
  }
  for (const { reject } of waiting.values()) reject(ended())
  waiting.clear()
}

const ended = () => new Error("the driver's process ended")

/** The runner makes a signal of its own. */
function withoutSignal(given: unknown): unknown {
  return isCall(given) ? { ...given, signal: undefined } : given
}

export const isCall = (value: unknown): value is Call => typeof value === 'object' && value !== null && 'phase' in value

function toError({ name, message, kind }: NonNullable<Answer['error']>): Error {
  if (kind !== undefined) return new DriverError(kind as DriverErrorKind, message)
  return Object.assign(new Error(message), { name })
}

const tail = (file: string) => readFileSync(file, 'utf8').split('\n').slice(-15).join('\n')
