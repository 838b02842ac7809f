// A VIF driver for tests: connects nothing, writes down what it is asked, and does what the test's script bed says.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call, CreateDriver, DeviceReply, Properties } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { editInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'

export interface ScriptedDriverOptions {
  /** Folder of a script bed. */
  readonly bed: string
  readonly name?: string
  readonly pluginTypes?: readonly string[]
  /** Has the verbs of migration. */
  readonly migrates?: boolean
}

/**
 * What a test may put at `VERB.PHASE` (`get_stats` and `get_caps` have no phase), as the words of a line:
 * `hold`: waits until released. `fail TEXT`: a DriverError. `throw undefined|text`: what is no Error.
 * `answer JSON`: answers that instead.
 */
const createDriver: CreateDriver = (given, host) => {
  const { bed, name = 'scripted', pluginTypes = ['SCRIPTED'], migrates = true } = given as ScriptedDriverOptions
  const connected = join(host.stateDir, 'connected')
  mkdirSync(connected, { recursive: true })

  async function behave<Answer>(point: string, vmId: string, answer: Answer): Promise<Answer> {
    const file = join(bed, 'do', `${point}.${vmId}`)
    if (!existsSync(file)) return answer
    const [, word, rest = ''] = /^(\w+) ?(.*)/.exec(readFileSync(file, 'utf8')) ?? []
    if (word === 'hold') {
      writeFileSync(join(bed, 'reached', `${point}.${vmId}`), '')
      while (existsSync(file)) await delay(10)
    }
    if (word === 'fail') throw new DriverError('port-not-found', rest)
    if (word === 'throw') throw rest === 'undefined' ? undefined : rest
    return word === 'answer' ? (JSON.parse(rest) as Answer) : answer
  }

  const verb =
    (verbName: string, connects: boolean) =>
    async (domxml: string, { vmId, vnic_id: portId }: Properties, { phase }: Call): Promise<DeviceReply> => {
      appendFileSync(join(bed, 'journal'), `driver ${verbName}.${phase} ${vmId} ${portId}\n`)
      if (connects && phase === 'before') writeFileSync(join(connected, portId), vmId)
      const edited = { domxml: editInterface(domxml, { sourceBridge: unconnected }), state: { portId } }
      const reply = await behave(`${verbName}.${phase}`, vmId, connects && phase === 'before' ? edited : {})
      if (!connects && phase === 'after') rmSync(join(connected, portId), { force: true })
      return reply
    }
  const unplugs = (verbName: string) => {
    const call = verb(verbName, false)
    return async (...args: Parameters<typeof call>) => void (await call(...args))
  }

  return {
    manifest: { name, version: '0.1.0', apiVersion: '1.0', pluginTypes },
    plug_device: verb('plug_device', true),
    unplug_device: unplugs('unplug_device'),
    ...(migrates && {
      migration_source: unplugs('migration_source'),
      migration_destination: verb('migration_destination', true),
    }),
    get_caps: (caps) => behave('get_caps', '', { ...caps, [`${name}WasHere`]: true }),
    get_stats: (stats, { vmId }) => behave('get_stats', vmId, { ...stats, [`${name}WasHere`]: true }),
  }
}

export default createDriver
