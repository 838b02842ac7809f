import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readOptions } from '@patchbay/service/options.ts'
import { agentOptions, toConfig } from './config.ts'
import { readOrMakeHostId } from './host-id.ts'
import { requireTools } from './hypervisors/required-tools.ts'

const configOf = (...argv: string[]) => toConfig(readOptions('agent', agentOptions, argv, {}))

test('the defaults are those of VDSM where it has them', () => {
  const config = configOf('--insecure')
  assert.deepEqual(config.listen, { host: '::', port: 54_321 })
  assert.equal(config.hooksDir, '/usr/libexec/vdsm/hooks')
  assert.equal(config.hookRunDir, '/run/vdsm')
  assert.equal(config.hookTimeoutMs, 120_000)
  assert.equal(config.driverTimeoutMs, 30_000)
  assert.deepEqual(config.drivers, [])
  assert.equal(config.tls, undefined)
})

test('without certificates it does not start by itself; all mistakes are told at once', () => {
  assert.throws(() => configOf(), /--tls-ca, --tls-cert and --tls-key are needed \(or --insecure/)
  assert.throws(() => configOf('--tls-ca', '/nowhere/ca.pem'), /--tls-ca, --tls-cert and --tls-key/)
  const files = ['--tls-ca', '/nowhere/ca.pem', '--tls-cert', '/nowhere/c.pem', '--tls-key', '/nowhere/k.pem']
  assert.throws(() => configOf(...files, '--drivers', '{"driver": "noop"}'), {
    name: 'ConfigurationError',
    message: /^drivers: a list of .* was expected\n.*\/nowhere\/ca\.pem/,
  })
  const empty = ['--tls-ca', '/dev/null', '--tls-cert', '/dev/null', '--tls-key', '/dev/null']
  assert.throws(() => configOf(...empty), /--tls-ca: \/dev\/null: .*PEM.*\n--tls-cert and --tls-key: /)
  for (const drivers of ['[noop]', '[{}]', '[{driver: 1}]', '[{driver: noop, name: 1}]', '7'])
    assert.throws(
      () => configOf('--insecure', '--drivers', drivers),
      /^ConfigurationError: drivers: a list of/,
      drivers,
    )
  assert.throws(
    () => configOf('--insecure', '--drivers', '[{driver: noop, name: ../net}]'),
    /^ConfigurationError: drivers: name \.\.\/net: small letters, digits and dashes/,
  )
})

test('the id of a host is made once, and made again if a crash left an empty file', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-agent-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const data = join(dir, 'a', 'b')
  const id = readOrMakeHostId(data)
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.equal(readOrMakeHostId(data), id)
  assert.equal(readFileSync(join(data, 'host-id'), 'utf8'), `${id}\n`)
  writeFileSync(join(data, 'host-id'), '')
  assert.match(readOrMakeHostId(data), /^[0-9a-f-]{36}$/)
})

test('a tool that is missing is named with its package', () => {
  requireTools('netns', { sh: 'dash' })
  assert.throws(() => requireTools('netns', { sh: 'dash', 'no-such-tool': 'nothing', 'nor-this': 'none' }), {
    name: 'ConfigurationError',
    message:
      'netns guests need no-such-tool (Debian package nothing), nor-this (Debian package none): install it, or put it on PATH',
  })
})
