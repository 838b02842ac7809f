// A driver that is an executable, as the VifDriver that the agent calls.
import { join } from 'node:path'
import { type Call, type DriverHost, type Properties, type VifDriver, verbs } from '../contract.ts'
import { DriverError } from '../driver-error.ts'
import { createLocks } from '../locks.ts'
import { callProcess } from './call-process.ts'
import { openCallRecords } from './call-records.ts'
import type { DriverPackage } from './driver-package.ts'
import { type ExecReply, type ExecRequest, type ExecVerb, readOutcome } from './protocol.ts'

type Given = Omit<ExecRequest, 'apiVersion' | 'verb' | 'timeoutMs' | 'options' | 'host'>

const defaultTimeoutMs = 30_000

/**
 * Ends what an earlier agent left running, and asks the driver which verbs it has. Throws an Error when it speaks another
 * version, or a DriverError when it refuses its options.
 */
export async function startExecDriver(
  { executable, folder, manifest }: DriverPackage,
  options: unknown,
  host: DriverHost,
): Promise<VifDriver> {
  const { hostName, instance, stateDir, callTimeoutMs = defaultTimeoutMs } = host
  const records = await openCallRecords(join(stateDir, '.calls'))
  const locks = createLocks()

  async function ask(verb: ExecVerb, given: Given = {}, signal?: AbortSignal): Promise<ExecReply> {
    const over = AbortSignal.any([AbortSignal.timeout(callTimeoutMs), ...(signal ? [signal] : [])])
    if (over.aborted) throw new DriverError('timeout', 'the time for this call was over before it began')
    const own = { apiVersion: '1.0', verb, timeoutMs: callTimeoutMs, options: options ?? {} } as const
    const request: ExecRequest = { ...own, host: { hostName, instance, stateDir }, ...given }
    const outcome = await callProcess({
      executable,
      folder,
      verb,
      request: JSON.stringify(request),
      signal: over,
      records,
      heard: (line) => host.log.info({ verb, port: given.properties?.vnic_id }, line),
    })
    return readOutcome(outcome)
  }

  // A call that was aborted has ended before the next one for the same NIC begins.
  const device = (verb: ExecVerb) => (domxml: string, properties: Properties, call: Call) =>
    locks.exclusive(properties.vnic_id, async () => {
      const { phase, state, signal } = call
      const reply = await ask(verb, { phase, domxml, properties, state }, signal)
      return { domxml: reply.domxml, state: reply.state }
    })
  const offered: Record<string, unknown> = {
    plug_device: device('plug_device'),
    unplug_device: device('unplug_device'),
    migration_source: device('migration_source'),
    migration_destination: device('migration_destination'),
    get_caps: async (caps: ExecRequest['caps']) => (await ask('get_caps', { caps })).caps,
    get_stats: async (stats: ExecRequest['stats'], properties: Properties, state: ExecRequest['state']) =>
      (await ask('get_stats', { stats, properties, state })).stats,
  }
  const spoken = spokenVerbs(await ask('version'))
  // What the driver answers is anything; the agent checks it before it builds on it.
  return { manifest, ...Object.fromEntries(spoken.map((verb) => [verb, offered[verb]])) } as unknown as VifDriver
}

function spokenVerbs({ apiVersions, verbs: named }: ExecReply): string[] {
  if (!Array.isArray(apiVersions) || !apiVersions.includes('1.0'))
    throw new Error(`it speaks versions ${JSON.stringify(apiVersions)} of the VIF driver API, this host 1.0`)
  if (!Array.isArray(named)) throw new Error('version: verbs must be a list')
  return verbs.filter((verb) => named.includes(verb))
}
