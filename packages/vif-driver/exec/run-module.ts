// A driver that is a module, as an executable: `node run-module.ts DRIVER.ts VERB` speaks the exec protocol for it.
import { readFileSync } from 'node:fs'
import { type Call, type VifDriver, verbs } from '../contract.ts'
import { DriverError } from '../driver-error.ts'
import { loadDriver } from '../load-driver.ts'
import { asDriverError } from '../with-driver-errors.ts'
import type { ExecRequest } from './protocol.ts'

const [path = '', verb = ''] = process.argv.slice(2)
try {
  say(await answer(parsed(readFileSync(0, 'utf8'))), 0)
} catch (error) {
  const { code, message } = asDriverError(error)
  say({ error: { code, message: message.replaceAll(/\s*\n\s*/g, '; ') } }, 1)
}

async function answer(request: ExecRequest): Promise<object> {
  const driver = await made(request)
  try {
    return await ask(driver, request)
  } finally {
    await driver[Symbol.asyncDispose]?.()
  }
}

async function ask(driver: VifDriver, request: ExecRequest): Promise<object> {
  const has = verbs.filter((each) => driver[each])
  if (verb === 'version') return { apiVersions: [driver.manifest.apiVersion], verbs: has }
  if (!has.some((each) => each === verb)) throw new DriverError('unsupported', `this driver has no verb ${verb}`)
  const { caps = {}, stats = {}, properties, state } = request
  if (verb === 'get_caps') return { caps: await driver.get_caps!(caps) }
  if (!properties) throw new DriverError('invalid-request', 'the request lacks properties')
  if (verb === 'get_stats') return { stats: await driver.get_stats!(stats, properties, state) }
  return (await device(driver, request)) ?? {}
}

async function device(driver: VifDriver, { domxml, properties, phase, state, timeoutMs }: ExecRequest) {
  if (typeof domxml !== 'string' || (phase !== 'before' && phase !== 'after'))
    throw new DriverError('invalid-request', 'the request lacks domxml or phase')
  const call: Call = { phase, state, signal: AbortSignal.timeout(timeoutMs) }
  return driver[verb as 'plug_device'](domxml, properties!, call)
}

/** What a module complains of when it is made are its options. */
async function made({ options, host, timeoutMs }: ExecRequest): Promise<VifDriver> {
  const tell = (fields: object, message: string) => console.error(message, JSON.stringify(fields))
  try {
    return await loadDriver(path, options, { ...host, callTimeoutMs: timeoutMs, log: { info: tell, warn: tell } })
  } catch (error) {
    throw new DriverError('invalid-request', (error as Error).message)
  }
}

function parsed(text: string): ExecRequest {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ExecRequest
  } catch {
    // The same complaint.
  }
  throw new DriverError('invalid-request', 'the request is no JSON object')
}

/** Whatever a driver has left open, its end is not waited for. */
function say(reply: object, exitCode: number): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`, () => process.exit(exitCode))
}
