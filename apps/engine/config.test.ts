// The engine's options: what is refused, all of it at once, before anything starts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configure } from '@patchbay/service/options.ts'
import { engineOptions, toConfig } from './config.ts'

const read = (...argv: string[]) => configure('engine', engineOptions, toConfig, argv, {})

function passwordFile(t: TestContext, content = 'secret\n'): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-config-'))
  t.after(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'password'), content)
  return join(dir, 'password')
}

test('a password file is enough', (t) => {
  const config = read('--password-file', passwordFile(t))
  assert.deepEqual(config.administrator, { name: 'admin@internal', password: 'secret' })
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 })
  assert.equal(config.database, 'sqlite:/var/lib/patchbay/engine/engine.sqlite')
  assert.equal(config.secretKeyFile, '/var/lib/patchbay/engine/secret.key')
  assert.deepEqual(config.providerTimeouts, { connectTimeoutMs: 20_000, timeoutMs: 30_000 })
})

test('without a password there must be no authentication, on a loopback address', (t) => {
  assert.throws(() => read(), /--password-file is needed/)
  assert.throws(() => read('--password-file', '/nowhere'), /ENOENT/)
  assert.throws(() => read('--password-file', passwordFile(t, '\n')), /is empty/)
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]'])
    assert.equal(read('--no-auth', '--listen', `${host}:8080`).administrator, undefined, host)
  for (const host of ['0.0.0.0', '127.example.org', '192.0.2.1', '[::]'])
    assert.throws(
      () => read('--no-auth', '--listen', `${host}:8080`),
      /allowed only where --listen is a loopback/,
      host,
    )
})

test('the database is a file of SQLite, with what else the engine keeps beside it, or one of PostgreSQL', () => {
  const keyOf = (...argv: string[]) => read('--no-auth', '--database', ...argv).secretKeyFile
  assert.equal(keyOf('sqlite:/tmp/x/e.db'), '/tmp/x/secret.key')
  assert.equal(keyOf('sqlite:/tmp/x/e.db', '--data-dir', '/srv'), '/srv/secret.key')
  assert.equal(keyOf('postgres://u:p@h/db'), '/var/lib/patchbay/engine/secret.key')
  for (const database of ['sqlite:', '/tmp/e.db', 'mysql://host/db'])
    assert.throws(
      () => read('--no-auth', '--database', database),
      /--database: it is neither sqlite:FILE nor postgres:/,
    )
})

test('files that belong together are given together', () => {
  assert.throws(() => read('--no-auth', '--tls-cert', 'x'), /--tls-cert and --tls-key belong together/)
  assert.throws(() => read('--no-auth', '--hosts-ca', 'x'), /--hosts-ca, --hosts-cert and --hosts-key belong together/)
})

test('all mistakes are told at once', () => {
  assert.throws(
    () => read('--database', 'x', '--tls-key', 'x', '--provider-timeout', '0'),
    (error: Error) =>
      ['--database', '--tls-cert and --tls-key', '--provider-timeout', '--password-file'].every((name) =>
        error.message.includes(name),
      ),
  )
})
