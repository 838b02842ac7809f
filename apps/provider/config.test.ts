// What the provider can be told, and which combinations it refuses.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ConfigurationError, configure } from '@patchbay/service/options.ts'
import { type OwnUsersConfig, providerOptions, toConfig } from './config.ts'

const configOf = (argv: string[], env: Record<string, string> = {}) =>
  configure('provider', providerOptions, toConfig, argv, env)

function administratorOf(passwordFile: string) {
  const { identity } = configOf(['--user', 'admin', '--password-file', passwordFile])
  return (identity as OwnUsersConfig).administrator
}

function mistakesOf(argv: string[], env?: Record<string, string>): string[] {
  try {
    return assert.fail(`taken as ${JSON.stringify(configOf(argv, env))}`)
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message.split('\n')
  }
}

function file(t: TestContext, content: string, name = 'file'): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-config-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('without options the provider listens on loopback at the usual ports', () => {
  const { listen, identityListen, maxMtu, tls } = configOf(['--no-auth'])
  assert.deepEqual(listen, { host: '127.0.0.1', port: 9696 })
  assert.deepEqual(identityListen, { host: '127.0.0.1', port: 35_357 })
  assert.deepEqual([maxMtu, tls], [1450, undefined])
})

test('a flag wins over the environment, the environment over the file, the file over the default', (t) => {
  const path = file(t, 'max-mtu: 2000\nno-auth: true\n')
  const env = { PATCHBAY_PROVIDER_MAX_MTU: '3000', PATCHBAY_PROVIDER_CONFIG: path }
  assert.equal(configOf(['--max-mtu', '4000'], env).maxMtu, 4000)
  assert.equal(configOf([], env).maxMtu, 3000)
  assert.equal(configOf(['--config', path]).maxMtu, 2000)
  assert.equal(configOf(['--no-auth']).maxMtu, 1450)
})

test('the administrator is a name and the password in a file, without the line end', (t) => {
  for (const content of ['secret', 'secret\n', 'secret\r\n'])
    assert.deepEqual(administratorOf(file(t, content)), { name: 'admin', password: 'secret' })
  const { password } = administratorOf(file(t, ' two words \n\n'))!
  assert.equal(password, ' two words \n', 'only one line end is taken off')
})

test('nobody gets in by default: either an administrator or --no-auth has to be named', (t) => {
  const password = file(t, 'secret')
  for (const argv of [[], ['--user', 'admin'], ['--password-file', password]])
    assert.match(
      mistakesOf(argv).join(),
      /--user and --password-file are needed \(or --no-auth, on a loopback address\)/,
    )
})

test('an empty or missing password file is a mistake', (t) => {
  for (const path of [file(t, ''), file(t, '\n'), join(tmpdir(), 'patchbay-no-such-file')])
    assert.match(
      mistakesOf(['--user', 'admin', '--password-file', path]).join(),
      new RegExp(`--password-file: .*${path}`),
    )
})

test('the chassis of gateways are a list, each named once', () => {
  const gatewaysOf = (...more: string[]) => configOf(['--no-auth', '--backend', 'ovn', ...more]).ovn!.gatewayChassis
  assert.deepEqual(gatewaysOf(), [])
  assert.deepEqual(gatewaysOf('--ovn-gateway-chassis', 'a, b,,a'), ['a', 'b'])
})

test('--no-auth is taken on a loopback address only', () => {
  for (const listen of ['127.0.0.1:0', '127.1.2.3:0', '[::1]:0', 'localhost:0'])
    assert.equal(configOf(['--no-auth', '--listen', listen]).identity, undefined)
  for (const listen of [
    ':9696',
    '0.0.0.0:9696',
    '[::]:9696',
    '10.0.0.1:9696',
    '127.evil.example:9696',
    '127.0.0.1.nip.io:1',
  ])
    assert.match(mistakesOf(['--no-auth', '--listen', listen]).join(), /--no-auth: allowed only .* loopback/, listen)
})

test('certificate and key belong together, and have to be readable', (t) => {
  assert.match(mistakesOf(['--no-auth', '--tls-cert', '/a.pem']).join(), /--tls-cert and --tls-key belong together/)
  assert.match(mistakesOf(['--no-auth', '--tls-key', '/a.key']).join(), /--tls-cert and --tls-key belong together/)
  for (const path of ['/no-such-file.pem', file(t, 'not PEM')])
    assert.match(mistakesOf(['--no-auth', '--tls-cert', path, '--tls-key', path]).join(), /^--tls-cert and --tls-key: /)
})

test('all mistakes are told at once', () => {
  assert.equal(
    mistakesOf(['--no-auth', '--listen', 'x', '--identity-listen', 'y', '--max-mtu', '67', '--body-limit', '1']).length,
    4,
  )
  assert.equal(mistakesOf(['--no-auth', '--listen', ':1', '--tls-cert', '/a.pem']).length, 2)
})

test('wrong values do not hide wrong combinations', () => {
  assert.equal(mistakesOf(['--max-mtu', '67', '--tls-cert', '/a.pem', '--no-auth']).length, 2)
})

test('an unknown flag or key is a mistake that names it', (t) => {
  assert.match(mistakesOf(['--no-auth', '--bogus']).join(), /--bogus/)
  assert.match(
    mistakesOf(['--no-auth', '--config', file(t, 'lissten: 1')]).join(),
    /unknown keys lissten; known: listen, /,
  )
  assert.match(mistakesOf(['--no-auth', '--backend', 'magic']).join(), /--backend: "magic" is not one of embedded/)
})
