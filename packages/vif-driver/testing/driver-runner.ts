// Runs a driver in a process of its own, on the host where the process was started, and does what driver-process.ts
// asks for over a socket: JSON, a line each.
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { verbs } from '../contract.ts'
import { DriverError } from '../driver-error.ts'
import { loadDriver } from '../load-driver.ts'
import { type Answer, isCall, type Question, type Start } from './driver-process.ts'

const [socketPath = ''] = process.argv.slice(2)
const socket = createConnection(socketPath)
const say = (message: object) => socket.write(`${JSON.stringify(message)}\n`)
const controllers = new Map<number, AbortController>()
// Whoever asks is gone, so this is over too, in the middle of whatever it does.
socket.on('close', () => process.exit())

const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
const start = JSON.parse((await lines.next()).value ?? '') as Start
const driver = await load(start).catch(endWithItsWords)
say({ manifest: driver.manifest, verbs: verbs.filter((verb) => driver[verb]) })
for await (const line of lines) {
  const question = JSON.parse(line) as Question | { abort: number }
  if ('abort' in question) controllers.get(question.abort)?.abort()
  else void answer(question)
}

function load({ path, options, hostName, instance, stateDir }: Start) {
  const tell = (level: string) => (fields: object, message: string) => console.log(level, message, fields)
  const log = { info: tell('info'), warn: tell('warn') }
  return loadDriver(path, options, { hostName, instance, stateDir, log })
}

/** An executable is not this process: where it was asked from here says nothing to its author. */
function endWithItsWords(error: unknown): never {
  if (!(error instanceof DriverError)) throw error
  console.error(error.message)
  process.exit(1)
}

async function answer({ id, verb, given }: Question): Promise<void> {
  const controller = new AbortController()
  controllers.set(id, controller)
  // JSON has no undefined in lists; a call takes its signal from here.
  const args = given.map((each) =>
    isCall(each) ? { ...each, signal: controller.signal } : each === null ? undefined : each,
  )
  try {
    const work = driver[verb] as (...args: unknown[]) => Promise<unknown>
    say({ id, result: await work.apply(driver, args) } satisfies Answer)
  } catch (error) {
    const { name, message, stack, kind } = error as Error & { kind?: string }
    console.log('error', stack)
    say({ id, error: { name, message, kind } } satisfies Answer)
  } finally {
    controllers.delete(id)
  }
}
