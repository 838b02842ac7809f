// The kit against our own provider: everything holds, nothing is left, nothing is written when it must not be.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startTestProvider, type TestProvider } from '../../apps/provider/testing/test-provider.ts'
import { checkProvider } from './check-provider.ts'
import { groupNames } from './conformance-case.ts'
import { allGroups } from './groups/all.ts'
import { failed, holds } from './report.ts'
import { startFaultyProxy } from './testing/faulty-proxy.ts'

const administrator = { name: 'admin', password: 'secret' }

async function startInhabited(t: TestContext) {
  const provider = await startTestProvider(t, { administrator })
  const credentials = {
    authUrl: provider.identityUrl!,
    username: administrator.name,
    password: administrator.password,
    tenant: 'admin',
    domain: 'Default',
  }
  const { token } = await (
    await fetch(`${provider.identityUrl}/tokens`, {
      method: 'POST',
      body: JSON.stringify({ auth: { passwordCredentials: { username: 'admin', password: 'secret' } } }),
    })
  )
    .json()
    .then((body: any) => body.access)
  const ask = (method: string, path: string, body?: object) =>
    provider.send(method, path, body, { 'x-auth-token': token.id })
  const { network } = (await ask('POST', '/networks', { network: { name: 'of somebody else' } })).body
  await ask('POST', '/subnets', { subnet: { network_id: network.id, ip_version: 4, cidr: '10.211.0.0/24' } })
  await ask('POST', '/ports', { port: { network_id: network.id, device_owner: 'oVirt' } })
  const lists = () =>
    Promise.all(['/networks', '/subnets', '/ports'].map(async (path) => (await ask('GET', path)).body))
  return { ...provider, credentials, lists }
}

test('our provider holds every case, and afterwards everything is as it was', async (t) => {
  const { url, credentials, lists } = await startInhabited(t)
  const before = await lists()
  const report = await checkProvider({ url, credentials })
  for (const level of ['required', 'recommended', 'optional'] as const)
    assert.deepEqual(failed(report, level), [], level)
  assert.deepEqual([report.leftovers, report.stopped, holds(report)], [[], undefined, true])
  const skipped = report.results.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id)
  assert.deepEqual(
    skipped.filter((id) => /^(routers|floating-ips)\//.test(id)),
    [],
  )
  assert.deepEqual(await lists(), before)
})

test('read-only, only reading requests are sent', async (t) => {
  const { url, credentials, lists } = await startInhabited(t)
  const before = await lists()
  const proxy = await startFaultyProxy(t, url, {})
  const report = await checkProvider({ url: proxy.url, credentials, readOnly: true })
  assert.deepEqual(
    proxy.seen.filter((request) => !request.startsWith('GET ')),
    [],
  )
  assert.ok(report.results.filter(({ outcome }) => outcome === 'passed').length > 15)
  assert.ok(
    report.results.every(({ outcome, reason }) => outcome !== 'skipped' || reason !== ''),
    'a skip without a reason',
  )
  assert.ok(holds(report))
  assert.deepEqual(await lists(), before)
})

test('read-only, an empty provider is no failure', async (t) => {
  const { url } = await startTestProvider(t)
  const report = await checkProvider({ url, readOnly: true })
  assert.ok(holds(report), JSON.stringify(failed(report, 'required')))
})

test('without a login nothing but the reason is told', async (t) => {
  const { url } = await startTestProvider(t, { administrator })
  const report = await checkProvider({ url })
  assert.match(report.stopped ?? '', /wants a login.*--auth-url/)
  assert.ok(report.results.every(({ outcome }) => outcome === 'skipped') && !holds(report))
})

test('a wrong password shows as failures of the group identity, and never in the report', async (t) => {
  const { url, credentials } = await startInhabited(t)
  const report = await checkProvider({ url, credentials: { ...credentials, password: 'hunter2' } })
  assert.equal(report.results.find(({ id }) => id === 'identity/engine-login')!.outcome, 'failed')
  assert.ok(!holds(report))
  assert.ok(!JSON.stringify(report).includes('hunter2'))
})

test('a provider that stops answering ends the run soon', async (t) => {
  const { url } = await startTestProvider(t)
  const silence = new Promise<never>(() => {})
  const proxy = await startFaultyProxy(t, url, {
    answer: (answer, { method }) => (method === 'POST' ? silence : answer),
  })
  const report = await checkProvider({ url: proxy.url, timeoutMs: 300 })
  assert.match(report.stopped ?? '', /no answer in 3 cases in a row/)
  assert.ok(!holds(report) && report.durationMs < 30_000)
  await assertEmpty({ url } as TestProvider)
})

test('what others have is never deleted, even if a provider answers it to a POST', async (t) => {
  const { url, send } = await startTestProvider(t)
  const { network } = (await send('POST', '/networks', { network: { name: 'of somebody else' } })).body
  const proxy = await startFaultyProxy(t, url, {
    answer: (answer, { method }) =>
      method === 'POST' ? { ...answer, text: JSON.stringify({ networks: [network] }) } : answer,
  })
  const { leftovers } = await checkProvider({ url: proxy.url, groups: ['networks'] })
  assert.deepEqual([leftovers, (await send('GET', '/networks')).body], [[], { networks: [network] }])
})

test('over TLS the given certificate is trusted, and no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-kit-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=provider'
  const subject = `-addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`
  execFileSync('openssl', `req -x509 ${request} ${subject}`.split(' '), { stdio: 'pipe', timeout: 10_000 })
  const ca = readFileSync(cert, 'utf8')
  const { url } = await startTestProvider(t, { tls: { cert: ca, key: readFileSync(key, 'utf8') } })
  assert.ok(holds(await checkProvider({ url, ca, readOnly: true })))
  await assert.rejects(checkProvider({ url, readOnly: true }), /TLS with .* failed/)
})

test('a provider that is not there is an error that says so', async () => {
  await assert.rejects(checkProvider({ url: 'http://127.0.0.1:1' }), /refused the connection.*Is the provider running/)
})

test('every case has an id of its own, a rule that is a sentence, and a source', () => {
  const cases = allGroups.flatMap((group) => group.cases)
  assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length)
  assert.deepEqual(
    allGroups.map(({ name }) => name),
    groupNames,
  )
  for (const { id, rule, source } of cases) {
    assert.match(id, /^[a-z-]+\/[a-z0-9-]+$/)
    assert.match(rule, /^\S.{15,}[^.]$/, id)
    assert.ok(source.length > 5, id)
  }
})

async function assertEmpty({ url }: Pick<TestProvider, 'url'>): Promise<void> {
  for (const plural of ['networks', 'subnets', 'ports'])
    assert.deepEqual(await (await fetch(`${url}/v2.0/${plural}`)).json(), { [plural]: [] })
}
