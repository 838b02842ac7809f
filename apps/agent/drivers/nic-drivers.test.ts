import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call, Properties, VifDriver } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import type { NicRecord, VmRecord } from '../vm-records/vm-record.ts'
import { createRegistry } from './driver-registry.ts'
import { createNicDrivers } from './nic-drivers.ts'

const mac = '02:00:00:00:00:01'
const xml = `<interface type="bridge"><mac address="${mac}"/></interface>`
const nic: NicRecord = {
  mac,
  alias: 'ua-1',
  network: 'blue',
  custom: { vnic_id: 'p1', provider_type: 'EXTERNAL_NETWORK', plugin_type: 'A', color: 'of the NIC' },
  xml,
  driver: 'a',
  state: { seen: 1 },
  step: 'plugged',
}
const vm: VmRecord = {
  vmId: 'v1',
  name: 'vm1',
  status: 'Up',
  custom: { vnic_id: 'forged', plugin_type: 'B', shape: 'round' },
  xml: '<domain/>',
  nics: [nic],
  startedAt: 0,
}

function driversOf(verbs: Partial<VifDriver>, timeoutMs = 1_000) {
  const log: string[] = []
  const driver: VifDriver = {
    manifest: { name: 'a', version: '1', apiVersion: '1.0', pluginTypes: ['A'] },
    plug_device: async () => ({}),
    unplug_device: async () => {},
    ...verbs,
  }
  const registry = createRegistry()
  registry.put(driver)
  const logger = { error: (fields: object, message: string) => log.push(`${message}: ${(fields as any).err.message}`) }
  return { drivers: createNicDrivers(registry, timeoutMs, logger), log }
}

test('a driver owns the NICs of its plugin types', () => {
  const { drivers } = driversOf({})
  assert.equal(drivers.ownerOf(nic), 'a')
  assert.equal(drivers.ownerOf({ ...nic, custom: { plugin_type: 'B' } }), undefined)
  assert.equal(drivers.ownerOf({ ...nic, custom: undefined }), undefined)
})

test('it gets the element, its state and the properties, of which those of the NIC win', async () => {
  const calls: [string, Properties, Call][] = []
  const { drivers } = driversOf({
    async plug_device(...args) {
      calls.push(args)
      return { domxml: `<?xml version="1.0"?>${xml}`, state: { seen: 2 } }
    },
  })
  assert.deepEqual(await drivers.call('plug_device', 'before', vm, nic), { domxml: xml, state: { seen: 2 } })
  const [domxml, properties, { phase, state, signal }] = calls[0]!
  assert.equal(domxml, xml)
  assert.deepEqual(properties, {
    vnic_id: 'p1',
    provider_type: 'EXTERNAL_NETWORK',
    plugin_type: 'A',
    vmId: 'v1',
    color: 'of the NIC',
    shape: 'round',
  })
  assert.deepEqual({ phase, state, aborted: signal.aborted }, { phase: 'before', state: { seen: 1 }, aborted: false })
})

test('a driver without verbs for migration is asked to plug and unplug', async () => {
  const asked: string[] = []
  const { drivers } = driversOf({
    async plug_device() {
      asked.push('plug')
      return {}
    },
    unplug_device: async () => void asked.push('unplug'),
  })
  await drivers.call('migration_source', 'after', vm, nic)
  await drivers.call('migration_destination', 'before', vm, nic)
  assert.deepEqual(asked, ['unplug', 'plug'])
})

test('without a driver nothing happens, and a driver that is gone is named', async () => {
  const { drivers } = driversOf({})
  assert.deepEqual(await drivers.call('plug_device', 'before', vm, { ...nic, driver: undefined }), {})
  await assert.rejects(drivers.call('unplug_device', 'after', vm, { ...nic, driver: 'b' }), {
    name: 'DriverError',
    kind: 'host-setup',
    message: `NIC ${mac} belongs to driver b, which this agent no longer has`,
  })
})

test('failures say which driver did what, and keep their kind', async () => {
  const cases: [thrown: unknown, kind: string, message: string][] = [
    [new DriverError('port-not-found', 'no port'), 'port-not-found', 'driver a, plug_device (after): no port'],
    [new DriverError('internal', 'driver a knows'), 'internal', 'driver a knows'],
    [new TypeError('x is not y'), 'internal', 'driver a, plug_device (after): x is not y'],
    ['text', 'internal', 'driver a, plug_device (after): it threw "text", which is no Error'],
    [undefined, 'internal', 'driver a, plug_device (after): it threw undefined, which is no Error'],
    [null, 'internal', 'driver a, plug_device (after): it threw null, which is no Error'],
  ]
  for (const [thrown, kind, message] of cases) {
    const { drivers } = driversOf({ plug_device: () => Promise.reject(thrown) })
    await assert.rejects(drivers.call('plug_device', 'after', vm, nic), { name: 'DriverError', kind, message })
  }
  const { drivers } = driversOf({
    plug_device() {
      throw new Error('at once')
    },
  })
  await assert.rejects(drivers.call('plug_device', 'after', vm, nic), { message: /: at once$/ })
})

test('answers that make no sense are refused', async () => {
  const other = '<interface type="bridge"><mac address="02:00:00:00:00:02"/></interface>'
  const loop: Record<string, unknown> = {}
  loop.loop = loop
  const answers: [answer: unknown, message: RegExp][] = [
    [7, /something that is no object/],
    [[], /something that is no object/],
    [{ domxml: 7 }, /domxml is no text/],
    [{ domxml: '' }, /malformed XML/],
    [{ domxml: '<disk/>' }, /an <interface> element was expected/],
    [{ domxml: other }, /the MAC address of the <interface> is 02:00:00:00:00:02, not 02:00:00:00:00:01/],
    [{ domxml: '<interface/>' }, /is undefined, not 02:/],
    [{ state: 'text' }, /state is no object/],
    [{ state: { big: 'x'.repeat(65_536) } }, /longer than 65536 bytes/],
    [{ state: { big: 'ä'.repeat(40_000) } }, /longer than 65536 bytes/],
    [{ state: loop }, /circular/],
    [{ state: { n: 1n } }, /BigInt/],
  ]
  for (const [answer, message] of answers) {
    const { drivers } = driversOf({ plug_device: async () => answer as object })
    await assert.rejects(drivers.call('plug_device', 'before', vm, nic), { name: 'DriverError', message })
  }
  for (const nothing of [undefined, null, {}]) {
    const { drivers } = driversOf({ plug_device: async () => nothing as object })
    assert.deepEqual(await drivers.call('plug_device', 'before', vm, nic), {})
  }
})

test('a driver that takes too long is told to end, and waited for a moment, so that calls do not overlap', async () => {
  let ended = false
  const { drivers } = driversOf(
    {
      plug_device: (_xml, _properties, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () =>
            setTimeout(() => {
              ended = true
              reject(signal.reason)
            }, 50),
          )
        }),
    },
    20,
  )
  await assert.rejects(drivers.call('plug_device', 'before', vm, nic), {
    kind: 'timeout',
    message: 'driver a, plug_device (before) did not end within 0.02 s',
  })
  assert.ok(ended)
})

test('one that does not listen is given up', async () => {
  const { drivers } = driversOf({ plug_device: () => new Promise(() => {}) }, 20)
  await assert.rejects(drivers.call('plug_device', 'before', vm, nic), { kind: 'timeout' })
})

test('reports of a driver that fails are as they were, and the log says why', async () => {
  const own = { a: 1 }
  const bad: [verb: () => Promise<any>, why: RegExp][] = [
    [() => Promise.reject(new Error('no')), /driver a, get_\w+: no$/],
    [async () => undefined, /no object/],
    [async () => [1], /no object/],
    [async () => ({ n: 1n }), /BigInt/],
    [() => new Promise(() => {}), /did not end within/],
  ]
  for (const [verb, why] of bad) {
    const { drivers, log } = driversOf({ get_caps: verb, get_stats: verb }, 20)
    assert.deepEqual(await drivers.capabilities(own), own)
    assert.deepEqual(await drivers.stats(own, vm, nic), own)
    assert.match(log.join('\n'), why)
    assert.equal(log.length, 2)
  }
  const { drivers } = driversOf({ get_caps: async (caps) => ({ ...caps, b: 2, gone: undefined }) })
  assert.deepEqual(await drivers.capabilities(own), { a: 1, b: 2 })
  assert.equal(await drivers.stats(own, vm, nic), own, 'a driver need not report')
})
