// An oVirt engine as the options name it, and the rules that give its users roles.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { configure } from '@patchbay/service/options.ts'
import { providerOptions, toConfig } from '../../config.ts'
import type { OvirtOptions } from './ovirt-options.ts'
import { accountOf, readOvirtRules, usualRules } from './ovirt-rules.ts'

const configOf = (argv: readonly string[]) => configure('provider', providerOptions, toConfig, argv, {})

function mistakeOf(argv: readonly string[]): string {
  try {
    return assert.fail(`taken as ${JSON.stringify(configOf(argv))}`)
  } catch (error) {
    return (error as Error).message
  }
}

function file(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-options-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'file'), content)
  return join(folder, 'file')
}

const options = (secret: string, url = 'https://engine/ovirt-engine') =>
  ['--identity', 'ovirt', '--ovirt-url', url, '--ovirt-client-secret-file', secret] as const

test('an engine is its URL and a secret; the rest has defaults', (t) => {
  const { identity } = configOf(options(file(t, 'secret\n'), 'https://engine:8443/ovirt-engine/'))
  const { rules, ...others } = (identity as { ovirt: OvirtOptions }).ovirt
  assert.deepEqual(others, {
    url: 'https://engine:8443/ovirt-engine',
    client: 'ovirt-provider-ovn',
    secret: 'secret',
    ca: undefined,
    cacheMs: 60_000,
  })
  assert.equal(rules, usualRules)
})

test('what is missing or cannot be used is named, a password in a URL not repeated', (t) => {
  const secret = file(t, 'secret')
  const all = options(secret)
  for (const at of [2, 4])
    assert.match(mistakeOf(all.toSpliced(at, 2)), /needs --ovirt-url and --ovirt-client-secret-file/)
  assert.match(mistakeOf(options(file(t, ''))), /--ovirt-client-secret-file: .* is empty/)
  assert.match(mistakeOf([...all, '--ovirt-ca', secret]), /--ovirt-ca: /)
  for (const url of ['', 'engine', 'ftp://e/ovirt-engine', 'https://u:hush@e/ovirt-engine', 'https://e/?a'])
    assert.doesNotMatch(mistakeOf(options(secret, url)).match(/^--ovirt-url: it is not of the form .*/m)![0], /hush/)
  assert.match(mistakeOf([...all, '--user', 'admin']), /^--user: not with --identity ovirt/m)
  assert.match(mistakeOf([...all, '--keystone-cache', '1']), /^--keystone-cache: only with --identity keystone/m)
  assert.match(mistakeOf([...all, '--no-auth']), /--no-auth and --identity ovirt exclude each other/)
  assert.match(mistakeOf(['--no-auth', '--ovirt-cache', '1']), /^--ovirt-cache: only with --identity ovirt/m)
})

const rolesOf = (rules: object[], t: TestContext) => {
  const mistakes: string[] = []
  const read = readOvirtRules(file(t, JSON.stringify({ rules })), '--ovirt-rules-file', mistakes)
  assert.deepEqual(mistakes, [])
  return (name: string, ...groups: string[]) =>
    accountOf(read, { name, groups }).assignments.map(({ project, roles }) => `${project.name}: ${roles.join()}`)
}

test('rules give roles in projects, in their order, and add up', (t) => {
  const given = rolesOf(
    [
      { user: '.*@example\\.com', project: 'blue', roles: ['reader'] },
      { group: 'Operators', project: 'blue', roles: ['member'] },
      { user: 'eve@.*', group: 'Operators', project: 'red', roles: ['admin', 'reader'] },
    ],
    t,
  )
  assert.deepEqual(given('ann@example.com'), ['blue: reader'])
  assert.deepEqual(given('ann@example.com.evil'), [], 'the whole name')
  assert.deepEqual(given('ann@example.com', 'Operators'), ['blue: member,reader'])
  assert.deepEqual(given('eve@internal', 'Operators'), ['blue: member', 'red: admin,reader'])
  assert.deepEqual(given('eve@internal', 'operators'), [])
})

test("without rules the engine's first administrator may do everything, and nobody else anything", () => {
  const given = (name: string) => accountOf(usualRules, { name, groups: [] }).assignments.length
  assert.deepEqual(
    ['admin@internal', 'admin@ovirt@internalsso', 'admin@internal2', 'xadmin@internal', 'ann@internal'].map(given),
    [1, 1, 0, 0, 0],
  )
})

test('a file of rules with a mistake is refused, and the mistake named', (t) => {
  const good = { user: 'a', project: 'p', roles: ['admin'] }
  for (const [content, says] of [
    ['{', /--ovirt-rules-file: .*JSON/],
    ['[]', /not of the form \{"rules": \[…\]\}/],
    [{ rules: [good, 1] }, /rule 2 is no object/],
    [{ rules: [{ ...good, user: undefined }] }, /rule 1 names neither a user nor a group/],
    [{ rules: [{ ...good, user: '(' }] }, /[Rr]egular expression/],
    [{ rules: [{ ...good, user: ['a'] }] }, /a user or group that is no text/],
    [{ rules: [{ ...good, project: '' }] }, /names no project/],
    [{ rules: [{ ...good, roles: ['king'] }] }, /roles out of admin, member, reader/],
    [{ rules: [{ ...good, roles: [] }] }, /roles out of/],
    [{ rules: [{ ...good, rolles: [] }] }, /"rolles", which is not one of/],
  ] as const) {
    const path = file(t, typeof content === 'string' ? content : JSON.stringify(content))
    assert.match(mistakeOf([...options(file(t, 's')), '--ovirt-rules-file', path]), says)
  }
})
