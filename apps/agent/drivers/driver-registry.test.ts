import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Properties } from '@patchbay/vif-driver/contract.ts'
import { type DriverEntry, loadDrivers } from './driver-registry.ts'

function bed(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-drivers-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const asked: string[] = []
  const host = (name: string, instance?: string) => {
    asked.push(name)
    return { hostName: 'h', instance, stateDir: dir, log: { info() {}, warn() {} } }
  }
  return {
    dir,
    asked,
    /** A driver's folder; `source` makes the default export. */
    write(name: string, source: string) {
      mkdirSync(join(dir, name))
      writeFileSync(join(dir, name, 'driver.ts'), `export default ${source}\n`)
    },
    load: (...drivers: DriverEntry[]) => loadDrivers(drivers, dir, host),
  }
}

const driver = (manifest: string, verbs = 'plug_device() {}, unplug_device() {}') =>
  `() => ({ manifest: ${manifest}, ${verbs} })`
const manifest = (name: string, type: string) =>
  `{ name: '${name}', version: '1', apiVersion: '1.0', pluginTypes: ['${type}'] }`

test('drivers are found by name and by path, and then by plugin type', async (t) => {
  const { dir, asked, write, load } = bed(t)
  write('one', driver(manifest('one', 'ONE')))
  write('two', driver(manifest('two', 'TWO')))
  const registry = await load({ driver: 'one' }, { driver: join(dir, 'two/driver.ts') })
  assert.equal(registry.byPluginType('ONE')?.manifest.name, 'one')
  assert.equal(registry.byPluginType('TWO')?.manifest.name, 'two')
  assert.equal(registry.byName('two')?.manifest.name, 'two')
  assert.equal(registry.byName('three'), undefined)
  assert.equal(registry.byPluginType('THREE'), undefined)
  assert.deepEqual(
    registry.manifests.map(({ name }) => name),
    ['one', 'two'],
  )
  assert.ok(
    asked.every((name) => !name.includes('/')),
    'a name that can be a folder',
  )
})

test('one driver serves several providers, each use under a name of its own', async (t) => {
  const { asked, write, load } = bed(t)
  write(
    'net',
    `(options, host) => ({
      manifest: { name: 'net', version: '1', apiVersion: '1.0', pluginTypes: [options.type] },
      plug_device() { return { state: { instance: host.instance ?? 'none', name: this.manifest.name } } },
      unplug_device() {},
    })`,
  )
  const registry = await load(
    { driver: 'net', options: { type: 'BLUE' } },
    { driver: 'net', name: 'red-net', options: { type: 'RED' } },
  )
  const call = { phase: 'after', state: undefined, signal: AbortSignal.abort() } as const
  const told = async (type: string) => {
    const driver = registry.byPluginType(type)!
    return [driver.manifest.name, (await driver.plug_device('', {} as Properties, call)).state?.instance]
  }
  assert.deepEqual(await told('BLUE'), ['net', 'none'])
  assert.deepEqual(await told('RED'), ['red-net', 'red-net'])
  assert.deepEqual(asked, ['net', 'red-net'])
  const twins = ['BLUE', 'RED'].map((type) => ({ driver: 'net', name: 'twin', options: { type } }))
  await assert.rejects(load(...twins), { message: 'drivers: two are called twin' })
})

test('a driver that cannot be used is named, with the reason', async (t) => {
  const { write, load } = bed(t)
  write('throws', `() => { throw new Error('no underlay') }`)
  write('text', `() => { throw 'text' }`)
  write('none', 'undefined')
  write('empty', '() => undefined')
  write('nameless', driver(`{ pluginTypes: [] }`))
  write('newer', driver(`{ name: 'newer', apiVersion: '2.0', pluginTypes: ['N'] }`))
  write('lazy', driver(manifest('lazy', 'L'), 'plug_device() {}'))
  write('one', driver(manifest('one', 'ONE')))
  write('other', driver(manifest('other', 'ONE')))
  write('twin', driver(manifest('one', 'TWIN')))
  const failing: [names: string[], message: RegExp][] = [
    [['missing'], /^drivers: missing: there is no .*missing$/],
    [['throws'], /^drivers: throws: no underlay$/],
    [['text'], /^drivers: text: text$/],
    [['none'], /^drivers: none: .*not a function/],
    [['empty'], /^drivers: empty: it has no manifest$/],
    [['nameless'], /^drivers: nameless: it has no manifest$/],
    [['newer'], /^drivers: newer: it speaks version 2\.0 of the VIF driver API, this host 1\.0$/],
    [['lazy'], /^drivers: lazy: it has no unplug_device$/],
    [['one', 'other'], /^drivers: one and other both serve ONE$/],
    [['one', 'twin'], /^drivers: two are called one$/],
  ]
  for (const [names, message] of failing)
    await assert.rejects(load(...names.map((name) => ({ driver: name }))), { name: 'ConfigurationError', message })
})
