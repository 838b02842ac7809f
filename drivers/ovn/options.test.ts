import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { optionNames, parseOptions } from './options.ts'

test('without options, it is the Open vSwitch of the host and the plugin type of oVirt', () => {
  const presets = {
    ovsdb: 'unix:/run/openvswitch/db.sock',
    pluginTypes: ['OVIRT_PROVIDER_OVN'],
    wireTimeoutMs: 10_000,
    tls: undefined,
  }
  assert.deepEqual(parseOptions(undefined), presets)
  assert.deepEqual(parseOptions({}), presets)
})

test('options are taken as they are given, files read', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-ovn-options-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const files = Object.fromEntries(['ca', 'cert', 'key'].map((name) => [`${name}-file`, join(dir, name)]))
  for (const file of Object.values(files)) writeFileSync(file, file)
  const given = { ovsdb: 'tcp:127.0.0.1:6640', 'plugin-types': ['OVN', 'B'], 'wire-timeout': 0.5, ...files }
  assert.deepEqual(parseOptions(given), {
    ovsdb: 'tcp:127.0.0.1:6640',
    pluginTypes: ['OVN', 'B'],
    wireTimeoutMs: 500,
    tls: { ca: files['ca-file'], cert: files['cert-file'], key: files['key-file'] },
  })
})

test('what is wrong is named', () => {
  const wrong: [given: unknown, message: RegExp][] = [
    [[], /^driver ovn: options must be a mapping$/],
    [{ bridge: 'br-int' }, /there is no option bridge, only ovsdb, /],
    [{ ovsdb: 7 }, /ovsdb must be a text/],
    [{ ovsdb: '' }, /ovsdb must be a text/],
    [{ 'plugin-types': [] }, /plugin-types must be a list/],
    [{ 'plugin-types': 'OVN' }, /plugin-types must be a list/],
    [{ 'wire-timeout': 0 }, /wire-timeout must be a number of seconds above 0/],
    [{ 'wire-timeout': '5' }, /wire-timeout must be a number/],
    [{ 'ca-file': '/ca.pem' }, /no such file|cert-file must be given/],
    [{ 'cert-file': '/cert.pem' }, /ca-file must be given/],
  ]
  for (const [given, message] of wrong) assert.throws(() => parseOptions(given), { message }, JSON.stringify(given))
})

test('the README has all options', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const rows = readme.split('\n').filter((line) => /^\| `[a-z-]+`(, `[a-z-]+`)* \| .* \| .* \|$/.test(line))
  const named = rows.flatMap((row) => [...row.split(' | ')[0]!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name))
  assert.deepEqual(named.filter((name) => optionNames.includes(name!)).sort(), [...optionNames].sort())
})
