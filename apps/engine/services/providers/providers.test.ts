// Network providers as entries of the engine: added, edited, tested, removed.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { startEngine } from '../../engine.ts'
import { clientOf, configOf, setScene, startTestEngine } from '../../testing/test-engine.ts'

const path = '/openstacknetworkproviders'
const url = 'http://127.0.0.1:9696'
const authenticated = {
  requires_authentication: 'true',
  username: 'admin',
  password: 'correct horse battery staple',
  authentication_url: 'http://127.0.0.1:35357/v2.0',
}
const neutron = { ...authenticated, type: 'neutron', external_plugin_type: 'OPEN_VSWITCH', tenant_name: 'blue' }
const domains = { user_domain_name: 'people', project_name: 'blue', project_domain_name: 'projects' }

test('an added provider is shown as the real engine shows it', async (t) => {
  const { send, ask } = await startTestEngine(t)
  const { status, headers, body } = await send('POST', path, {
    ...authenticated,
    name: 'ovirt-provider-ovn',
    description: 'oVirt network provider for OVN',
    type: 'external',
    url: 'https://engine.example:9696',
    authentication_url: 'https://engine.example:35357/v2.0/',
    tenant_name: 'oVirt',
    ...domains,
    external_plugin_type: 'OVIRT_PROVIDER_OVN',
    read_only: 'false',
    auto_sync: 'true',
    properties: { property: [{ name: 'zone', value: 'a' }] },
  })
  assert.equal(status, 201)
  assert.equal(headers.get('location'), body.href)
  assert.deepEqual(body, {
    id: body.id,
    href: `/ovirt-engine/api${path}/${body.id}`,
    name: 'ovirt-provider-ovn',
    description: 'oVirt network provider for OVN',
    type: 'external',
    url: 'https://engine.example:9696',
    requires_authentication: 'true',
    username: 'admin',
    authentication_url: 'https://engine.example:35357/v2.0/',
    tenant_name: 'oVirt',
    ...domains,
    external_plugin_type: 'OVIRT_PROVIDER_OVN',
    read_only: 'false',
    auto_sync: 'true',
    unmanaged: 'false',
    properties: { property: [{ name: 'zone', value: 'a' }] },
    status: 'unknown',
    link: ['networks', 'certificates'].map((rel) => ({ rel, href: `${body.href}/${rel}` })),
    actions: {
      link: ['testconnectivity', 'importcertificates', 'sync'].map((rel) => ({ rel, href: `${body.href}/${rel}` })),
    },
  })
  assert.deepEqual(await ask('GET', `${path}/${body.id}`), body)
  assert.deepEqual(await ask('GET', path), { openstack_network_provider: [body] })
})

test('a provider that is added without saying so is read-only and needs no authentication', async (t) => {
  const { ask } = await startTestEngine(t)
  const provider = await ask('POST', path, { name: 'p', type: 'external', url })
  assert.deepEqual([provider.read_only, provider.requires_authentication], ['true', 'false'])
})

test('adding and editing do not contact the provider', async (t) => {
  const { ask } = await startTestEngine(t)
  const { id } = await ask('POST', path, { name: 'p', type: 'external', url: 'http://127.0.0.1:1' })
  await ask('PUT', `${path}/${id}`, { url: 'http://127.0.0.1:2' })
})

const refused: readonly (readonly [string, object, number, string, RegExp])[] = [
  ['no name', { name: undefined }, 400, 'Incomplete parameters', /\[name\] required for add/],
  ['a name with a dot', { name: 'a.b' }, 400, 'Operation Failed', /The name "a.b" is invalid/],
  ['a name with a space', { name: 'a b' }, 400, 'Operation Failed', /is invalid/],
  ['a long name', { name: 'x'.repeat(129) }, 400, 'Operation Failed', /1 to 128 of letters, digits, "_" and "-"/],
  ['no type', { type: undefined }, 400, 'Operation Failed', /^\[Provider type is required\.\]$/],
  ['another type', { type: 'foreman' }, 400, 'Invalid value', /must be one of external, neutron/],
  ['no URL', { url: undefined }, 400, 'Invalid value', /The URL "" of the provider is not usable/],
  ['a URL of another kind', { url: 'ftp://host' }, 400, 'Invalid value', /must look like http:\/\/host:9696/],
  ['a URL that is none', { url: 'host:9696' }, 400, 'Invalid value', /is not usable/],
  [
    'an auth URL without a port',
    { authentication_url: 'http://host/v2.0' },
    400,
    'Operation Failed',
    /authentication URL http:\/\/host\/v2.0 is invalid/,
  ],
  ['an auth URL without a version', { authentication_url: 'http://host:35357' }, 400, 'Operation Failed', /is invalid/],
  [
    'an auth URL of another kind',
    { authentication_url: 'tcp://host:35357/v2.0' },
    400,
    'Operation Failed',
    /is invalid/,
  ],
  [
    'an auth URL of a later Identity',
    { authentication_url: 'http://host:35357/v4' },
    400,
    'Operation Failed',
    /must look like .*v2\.0 or .*v3/,
  ],
  ['a long password', { password: 'x'.repeat(201) }, 400, 'Operation Failed', /password is longer than 200 characters/],
  [
    'authentication without a user (Neutron)',
    { ...neutron, username: undefined },
    400,
    'Operation Failed',
    /user name .* is missing/,
  ],
  [
    'authentication without a password (Neutron)',
    { ...neutron, password: '' },
    400,
    'Operation Failed',
    /The password for authentication is missing/,
  ],
  [
    'authentication without an auth URL (Neutron)',
    { ...neutron, authentication_url: undefined },
    400,
    'Operation Failed',
    /authentication URL is missing/,
  ],
  ['Neutron without a plugin', { type: 'neutron' }, 400, 'Operation Failed', /networking plugin is missing/],
  [
    'Neutron without a tenant or a domain',
    { ...neutron, tenant_name: undefined },
    400,
    'Operation Failed',
    /Either the tenant name or the user domain name is missing/,
  ],
  ['a long plugin type', { external_plugin_type: 'x'.repeat(65) }, 400, 'Invalid value', /at most 64 characters/],
  [
    'a plugin type no XML can hold',
    { external_plugin_type: 'a\u0000b' },
    400,
    'Invalid value',
    /without control characters/,
  ],
  [
    'a property that the engine sets itself',
    { properties: [{ name: 'vnic_id' }] },
    400,
    'Operation Failed',
    /"vnic_id" is reserved/,
  ],
  [
    'a long user name',
    { username: 'x'.repeat(65) },
    400,
    'Invalid value',
    /user name must be .* at most 64 characters/,
  ],
  ['a long URL', { url: `http://${'x'.repeat(512)}` }, 400, 'Invalid value', /URL must be .* at most 512 characters/],
]

for (const [what, change, status, reason, detail] of refused) {
  test(`a provider with ${what} is refused, added or edited`, async (t) => {
    const { send, list, ask } = await startTestEngine(t)
    const add = await send('POST', path, { name: 'new', type: 'external', url, ...change })
    assert.deepEqual([add.status, add.body.reason], [status, reason], add.text)
    assert.match(add.body.detail, detail)
    assert.deepEqual(await list(path), [])
    assert.deepEqual(await list('/events'), [])

    const stated = Object.values(change).every((value) => value !== undefined) && !('type' in change)
    if (!stated) return
    const before = await ask('POST', path, { name: 'old', type: 'external', url })
    const edit = await send('PUT', `${path}/${before.id}`, change)
    assert.deepEqual([edit.status, edit.body.reason], [status, reason], edit.text)
    assert.deepEqual(await ask('GET', `${path}/${before.id}`), before)
  })
}

test('a name is used once; a provider keeps its own when edited', async (t) => {
  const { send, ask } = await startTestEngine(t)
  const { id } = await ask('POST', path, { name: 'one', type: 'external', url })
  await ask('POST', path, { name: 'two', type: 'external', url })
  assert.equal((await send('POST', path, { name: 'one', type: 'external', url })).status, 409)
  const renamed = await send('PUT', `${path}/${id}`, { name: 'two' })
  assert.equal(renamed.status, 409)
  assert.match(renamed.body.detail, /The name two is already used/)
  assert.equal((await send('PUT', `${path}/${id}`, { name: 'one', description: 'd' })).body.description, 'd')
})

test('an edit changes what it names and leaves the rest; the type stays', async (t) => {
  const { send, ask } = await startTestEngine(t)
  const before = await ask('POST', path, {
    ...authenticated,
    name: 'p',
    type: 'external',
    url,
    properties: [{ name: 'a', value: '1' }],
  })
  const after = await ask('PUT', `${path}/${before.id}`, { description: 'new', read_only: 'false' })
  assert.deepEqual(after, { ...before, description: 'new', read_only: 'false' })
  const properties = await ask('PUT', `${path}/${before.id}`, { properties: [{ name: 'b', value: '2' }] })
  assert.deepEqual(properties.properties, { property: [{ name: 'b', value: '2' }] }, 'the whole map is replaced')
  const retyped = await send('PUT', `${path}/${before.id}`, { type: 'neutron' })
  assert.equal(retyped.status, 400)
  assert.match(retyped.body.detail, /The type of a provider cannot be changed/)
  assert.equal((await send('PUT', `${path}/${before.id}`, { type: 'external' })).status, 200)
  assert.equal((await send('PUT', `${path}/unknown`, {})).status, 404)
})

test('the password is in no answer and in no file as it is', async (t) => {
  const engine = await startTestEngine(t)
  const answers = [await engine.send('POST', path, { ...authenticated, name: 'p', type: 'external', url })]
  const { id } = answers[0]!.body
  answers.push(await engine.send('PUT', `${path}/${id}`, { ...authenticated, description: 'd' }))
  answers.push(await engine.send('GET', `${path}/${id}`), await engine.send('GET', path))
  answers.push(await engine.send('GET', '/events'), await engine.send('POST', `${path}/${id}/testconnectivity`))
  for (const { text } of answers) assert.ok(!text.includes(authenticated.password), text)

  const files = readdirSync(engine.dataDir, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  )
  assert.ok(files.includes('engine.sqlite') && files.includes('secret.key'), files.join())
  for (const form of [authenticated.password, Buffer.from(authenticated.password).toString('base64').slice(0, 20)])
    for (const file of files)
      assert.ok(!readFileSync(join(engine.dataDir, file)).includes(form), `${file} holds the password`)
  assert.equal(statSync(join(engine.dataDir, 'secret.key')).mode & 0o777, 0o600)
})

test('the password is used to log in, also after an edit without one and after a restart', async (t) => {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: authenticated.password } })
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', path, {
    ...authenticated,
    name: 'p',
    type: 'external',
    url: provider.url,
    authentication_url: provider.identityUrl,
  })
  const isUsable = async ({ send } = engine) => (await send('POST', `${path}/${id}/testconnectivity`)).status
  assert.equal(await isUsable(), 200)
  await engine.ask('PUT', `${path}/${id}`, { description: 'edited', username: 'admin' })
  assert.equal(await isUsable(), 200)
  await engine.ask('PUT', `${path}/${id}`, { password: 'wrong' })
  assert.equal(await isUsable(), 400)
  await engine.ask('PUT', `${path}/${id}`, { password: authenticated.password })
  assert.equal(await isUsable(), 200)
})

test('a provider is logged in at by Identity v2.0 or v3, as its authentication URL says', async (t) => {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: authenticated.password } })
  const { ask, send } = await startTestEngine(t)
  const [v2, v3] = [provider.identityUrl!, new URL('/v3', provider.identityUrl).href]
  const { id } = await ask('POST', path, { ...authenticated, name: 'p', type: 'external', url: provider.url })
  const testWith = async (change: object) => {
    const nothing = { tenant_name: '', user_domain_name: '', project_name: '', project_domain_name: '' }
    await ask('PUT', `${path}/${id}`, { ...nothing, ...change })
    return (await send('POST', `${path}/${id}/testconnectivity`)).status
  }
  for (const place of [
    { authentication_url: v2, tenant_name: 'admin' },
    { authentication_url: v2, project_name: 'not of v2.0' },
    { authentication_url: `${v3}/`, tenant_name: 'admin' },
    { authentication_url: v3, tenant_name: 'not of v3', project_name: 'admin', user_domain_name: 'Default' },
  ])
    assert.equal(await testWith(place), 200, JSON.stringify(place))
  for (const place of [
    { authentication_url: v2, tenant_name: 'nowhere' },
    { authentication_url: v3, project_name: 'nowhere' },
    { authentication_url: v3, project_name: 'admin', user_domain_name: 'nowhere' },
    { authentication_url: v3, project_name: 'admin', project_domain_name: 'nowhere' },
  ])
    assert.equal(await testWith(place), 400, JSON.stringify(place))
})

test('a database that comes without its key says whose password is lost', async (t) => {
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', path, { ...authenticated, name: 'p', type: 'external', url })
  const dir = join(engine.dataDir, 'moved')
  const config = configOf(dir)
  mkdirSync(dir)
  for (const file of ['engine.sqlite', 'engine.sqlite-wal']) copyFileSync(join(engine.dataDir, file), join(dir, file))
  await using moved = await startEngine(config, pino({ level: 'silent' }))
  const { status, body } = await clientOf(moved.url).send('POST', `${path}/${id}/testconnectivity`)
  assert.equal(status, 400)
  assert.match(body.detail, /The stored password of provider p was encrypted with another key .* set it again/)
})

test('a test of the connection answers an action, or the bare fault', async (t) => {
  const provider = await startTestProvider(t)
  const { ask, send } = await startTestEngine(t)
  const { id } = await ask('POST', path, { name: 'p', type: 'external', url: provider.url })
  for (const body of [undefined, {}, { async: 'false' }])
    assert.deepEqual((await send('POST', `${path}/${id}/testconnectivity`, body)).body, { status: 'complete' })
  await ask('PUT', `${path}/${id}`, { url: 'http://127.0.0.1:1' })
  const failed = await send('POST', `${path}/${id}/testconnectivity`, {})
  assert.deepEqual([failed.status, Object.keys(failed.body).sort()], [400, ['detail', 'reason']])
  assert.equal((await send('POST', `${path}/unknown/testconnectivity`)).status, 404)
})

test('a removed provider takes its networks along, but not while a VM uses one', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId, clusterId, profileId, networkId } = await setScene(engine, provider)
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })

  const refusal = await engine.send('DELETE', `${path}/${providerId}`)
  assert.equal(refusal.status, 409)
  assert.match(refusal.body.detail, /External network is used by virtual machines and\/or templates:\nblue \(VM vm\)\n/)
  assert.equal((await engine.send('GET', `/networks/${networkId}`)).status, 200)

  await engine.ask('DELETE', `/vms/${vmId}`)
  await engine.ask('DELETE', `${path}/${providerId}`)
  for (const collection of [path, '/networks', '/vnicprofiles', `/clusters/${clusterId}/networks`])
    assert.deepEqual(await engine.list(collection), [], collection)
  assert.equal((await provider.send('GET', '/networks')).body.networks.length, 1, 'the provider is not asked')
  assert.equal((await engine.send('DELETE', `${path}/${providerId}`)).status, 404)
})

test('what is refused is found in the order of the real engine: names, then how to log in, then the plugin', async (t) => {
  const { send, ask } = await startTestEngine(t)
  await ask('POST', path, { name: 'taken', type: 'external', url })
  const wrong = { name: 'taken', type: 'neutron', url, authentication_url: 'x', password: 'x'.repeat(201) }
  const mend = [
    [{}, /name taken is already used/],
    [{ name: 'free' }, /authentication URL x is invalid/],
    [{ authentication_url: authenticated.authentication_url }, /longer than 200 characters/],
    [{ password: 'x' }, /networking plugin is missing/],
    [{ plugin_type: 'open_vswitch', requires_authentication: 'true' }, /user name .* is missing/],
    [{ username: 'admin' }, /Either the tenant name or the user domain name is missing/],
  ] as const
  let request: object = wrong
  for (const [change, detail] of mend) {
    request = { ...request, ...change }
    const { body } = await send('POST', path, request)
    assert.match(body.detail, detail)
  }
  const { plugin_type, external_plugin_type } = await ask('POST', path, { ...request, user_domain_name: 'Default' })
  assert.deepEqual([plugin_type, external_plugin_type], ['open_vswitch', 'OPEN_VSWITCH'])
})

test('an external provider may be completed later; an edited Neutron is not asked again for what it needs', async (t) => {
  const { ask } = await startTestEngine(t)
  await ask('POST', path, { name: 'p', type: 'external', url, requires_authentication: 'true' })
  const { id } = await ask('POST', path, { ...neutron, name: 'n', url })
  await ask('PUT', `${path}/${id}`, { username: '', external_plugin_type: '' })
})

test('the deprecated plugin type means something for Neutron only', async (t) => {
  const { ask } = await startTestEngine(t)
  const external = await ask('POST', path, { name: 'p', type: 'external', url, plugin_type: 'open_vswitch' })
  assert.deepEqual([external.plugin_type, external.external_plugin_type], [undefined, undefined])
})

test('unsaved values are tested: of a new provider, and of an edit on top of what is kept', async (t) => {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: authenticated.password } })
  const { ask, send, list } = await startTestEngine(t)
  const values = { type: 'external', ...authenticated, url: provider.url, authentication_url: provider.identityUrl }
  const tested = (openstack_network_provider: object) =>
    send('POST', `${path}/testconnectivity`, { openstack_network_provider })
  assert.deepEqual((await tested(values)).body, { status: 'complete' })
  const wrong = await tested({ ...values, name: 'sdn', password: 'wrong' })
  assert.equal(wrong.status, 400)
  assert.match(wrong.body.detail, /sdn: .* did not accept the credentials/)
  assert.deepEqual(await list(path), [])

  const { id } = await ask('POST', path, { ...values, name: 'sdn', url: 'http://127.0.0.1:1' })
  assert.equal((await tested({ id })).status, 400)
  assert.equal((await tested({ id, url: provider.url })).status, 200, 'the password is that which is kept')
  assert.equal((await ask('GET', `${path}/${id}`)).url, 'http://127.0.0.1:1')
  for (const [unusable, status] of [
    [undefined, 400],
    [{}, 400],
    [{ id: 'unknown' }, 404],
    [{ type: 'external', url: 'nonsense' }, 400],
  ] as const)
    assert.equal((await tested(unusable as object)).status, status)
})
