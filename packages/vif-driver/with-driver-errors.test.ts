import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { run } from './command.ts'
import type { Call, VifDriver } from './contract.ts'
import { DriverError, type DriverErrorKind } from './driver-error.ts'
import { withDriverErrors } from './with-driver-errors.ts'

const properties = { vnic_id: 'port', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'TEST', vmId: 'vm' }
const call: Call = { phase: 'before', state: undefined, signal: AbortSignal.abort() }

class Driver implements VifDriver {
  readonly manifest = { name: 'test', version: '1.0.0', apiVersion: '1.0', pluginTypes: ['TEST'] } as const
  readonly #work: () => Promise<unknown>
  constructor(work: () => Promise<unknown>) {
    this.#work = work
  }
  async plug_device() {
    await this.#work()
    return { state: { name: this.manifest.name } }
  }
  async unplug_device() {}
}

const cases: [string, DriverErrorKind, () => Promise<unknown>][] = [
  ['a DriverError', 'not-wired', async () => Promise.reject(new DriverError('not-wired', 'no carrier'))],
  ['a command that fails', 'host-setup', () => run(['sh', '-c', 'exit 3'])],
  ['a file that cannot be read', 'host-setup', async () => readFileSync('/nonexistent')],
  ['a signal that is aborted', 'timeout', async () => call.signal.throwIfAborted()],
  ['a mistake', 'internal', async () => (undefined as unknown as { a: string }).a],
  ['a text', 'internal', () => Promise.reject('oh')],
]

for (const [what, kind, work] of cases) {
  test(`${what} in a verb is told as ${kind}`, async () => {
    await assert.rejects(withDriverErrors(new Driver(work)).plug_device('', properties, call), (error) => {
      assert(error instanceof DriverError)
      assert.equal(error.kind, kind)
      return true
    })
  })
}

test('answers, manifest and the verbs that are left out stay as they are', async () => {
  const driver = new Driver(async () => {})
  const wrapped = withDriverErrors(driver)
  assert.deepEqual(await wrapped.plug_device('', properties, call), { state: { name: 'test' } })
  assert.equal(wrapped.manifest, driver.manifest)
  assert.equal(wrapped.get_caps, undefined)
})
