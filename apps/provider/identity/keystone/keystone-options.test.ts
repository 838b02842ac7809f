// An external Keystone as the options name it, and what is refused.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configure } from '@patchbay/service/options.ts'
import { providerOptions, toConfig } from '../../config.ts'

const configOf = (argv: readonly string[]) => configure('provider', providerOptions, toConfig, argv, {})

function mistakeOf(argv: readonly string[]): string {
  try {
    return assert.fail(`taken as ${JSON.stringify(configOf(argv))}`)
  } catch (error) {
    return (error as Error).message
  }
}

function passwordFile(t: TestContext, content = 'secret\n'): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-options-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'password'), content)
  return join(folder, 'password')
}

const options = (file: string, url = 'https://keystone:5000/v3') => [
  '--identity',
  'keystone',
  '--keystone-url',
  url,
  '--keystone-user',
  'patchbay',
  '--keystone-password-file',
  file,
]

test('a Keystone is its URL, a user and a password; the rest has defaults', (t) => {
  const { identity } = configOf(options(passwordFile(t), 'http://keystone/identity/v3/'))
  assert.deepEqual(identity, {
    keystone: {
      url: 'http://keystone/identity/v3',
      user: 'patchbay',
      password: 'secret',
      project: 'service',
      domain: 'Default',
      ca: undefined,
      cacheMs: 60_000,
    },
  })
})

test('what is missing is named', (t) => {
  const file = passwordFile(t)
  const all = options(file)
  for (const at of [2, 4, 6])
    assert.match(mistakeOf(all.toSpliced(at, 2)), /needs --keystone-url, --keystone-user and --keystone-password-file/)
  assert.match(mistakeOf(options(passwordFile(t, ''))), /--keystone-password-file: .* is empty/)
  assert.match(mistakeOf(options('/no-such-file')), /--keystone-password-file: .*no-such-file/)
  assert.match(mistakeOf([...all, '--keystone-ca', file]), /--keystone-ca: .*password/)
  assert.match(mistakeOf([...all, '--keystone-cache', '301']), /--keystone-cache/)
})

test('a URL that is not that of a v3 API is a mistake, and not repeated', (t) => {
  const file = passwordFile(t)
  for (const url of [
    '',
    'keystone:5000',
    'ftp://k/v3',
    'http://k:5000',
    'http://k/v2.0',
    'http://u:hush@k/v3',
    'http://k/v3?a',
  ])
    assert.doesNotMatch(mistakeOf(options(file, url)).match(/^--keystone-url: it is not of the form .*/m)![0], /hush/)
})

test('there is exactly one source of users', (t) => {
  const file = passwordFile(t)
  const keystone = options(file)
  assert.match(mistakeOf([...keystone, '--no-auth']), /--no-auth and --identity keystone exclude each other/)
  assert.match(
    mistakeOf([...keystone, '--user', 'admin', '--password-file', file]),
    /^--user, --password-file: not with/m,
  )
  assert.match(mistakeOf([...keystone, '--users-file', 'f']), /^--users-file: not with --identity keystone/m)
  assert.match(mistakeOf(['--no-auth', ...keystone.slice(2)]), /^--keystone-url, .*: only with --identity keystone/m)
  assert.match(mistakeOf(['--no-auth', '--keystone-cache', '1']), /^--keystone-cache: only with/m)
  assert.match(mistakeOf(['--identity', 'ldap']), /"ldap" is not one of own, keystone/)
})
