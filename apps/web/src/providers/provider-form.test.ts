// The provider's form: its rules, and the requests it makes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from '../form/changes.ts'
import { blankForm, changed, formOf, mistakesOf, requestOf } from './provider-form.ts'

const form = {
  ...blankForm,
  name: 'sdn',
  host: 'id.example',
  username: 'admin',
  password: 's',
  requiresAuthentication: true,
}

test('what the engine has comes back as it was', () => {
  const provider = requestOf({ ...form, tenant: 't', plugin: 'LINUX_BRIDGE' })
  const { password, ...known } = provider
  assert.equal(password, 's')
  assert.deepEqual(requestOf(formOf(known)), known)
})

test('four fields make the URL of the Identity service, for each version', () => {
  assert.equal(requestOf(form).authentication_url, 'http://id.example:35357/v2.0')
  const v3 = requestOf({ ...form, protocol: 'https', port: '5000', version: 'v3', tenant: 'old', project: 'p' })
  assert.deepEqual([v3.authentication_url, v3.tenant_name, v3.project_name], ['https://id.example:5000/v3', '', 'p'])
})

test('without authentication nothing of it is sent', () => {
  const request = requestOf({ ...form, requiresAuthentication: false })
  assert.deepEqual([request.username, request.password, request.authentication_url], [undefined, undefined, undefined])
})

test('an edit sends only what was changed, and no password that was not typed', () => {
  const before = formOf({ name: 'sdn', type: 'external', url: 'http://a:1', read_only: true })
  const after = { ...before, description: 'new' }
  assert.deepEqual(changesOf(requestOf(before), requestOf(after)), { description: 'new' })
})

test('each mistake is told at its field', () => {
  assert.deepEqual(mistakesOf(form, true), {})
  const names = (...given: Parameters<typeof mistakesOf>) => Object.keys(mistakesOf(...given)).sort()
  assert.deepEqual(names({ ...form, name: 'a b' }, true), ['name'])
  assert.deepEqual(names({ ...form, url: 'ftp://x' }, true), ['url'])
  assert.deepEqual(names({ ...form, username: '', password: '', host: '', port: '0' }, true), [
    'host',
    'password',
    'port',
    'username',
  ])
  assert.deepEqual(names({ ...form, password: '' }, false), [])
  assert.deepEqual(names({ ...form, type: 'neutron' }, true), ['plugin', 'tenant'])
  assert.deepEqual(names({ ...form, type: 'neutron', plugin: 'X', version: 'v3' }, true), ['userDomain'])
})

test('an unmanaged provider has no URL, no log-in, no synchronization and is not read-only', () => {
  const unmanaged = changed({ ...form, autoSync: true }, { unmanaged: true })
  assert.deepEqual(mistakesOf(unmanaged, true), {})
  assert.deepEqual(
    [unmanaged.url, unmanaged.readOnly, unmanaged.autoSync, unmanaged.requiresAuthentication],
    ['', false, false, false],
  )
  assert.equal(changed(unmanaged, { unmanaged: false }).url, 'http://localhost:9696')
})

test('OpenStack has a plugin and version 3 unless said otherwise', () => {
  const neutron = changed(form, { type: 'neutron' })
  assert.deepEqual([neutron.plugin, neutron.version], ['OPEN_VSWITCH', 'v3'])
  const external = changed(neutron, { type: 'external' })
  assert.deepEqual([external.plugin, external.version], ['', 'v2.0'])
})
