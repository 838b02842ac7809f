// A provider with a certificate of an unknown CA: its chain is read, approved and imported, and trusted from then on.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestProvider } from '../../../provider/testing/test-provider.ts'
import { startTestEngine } from '../../testing/test-engine.ts'
import { startTlsProvider } from '../../testing/test-tls-provider.ts'

const path = '/openstacknetworkproviders'
const base64 = (pem: string) => new X509Certificate(pem).raw.toString('base64')
const importing = (...contents: string[]) => ({
  certificates: { certificate: contents.map((content) => ({ content })) },
})

test('the chain is shown, its last certificate imported, and calls of provider and Identity succeed', async (t) => {
  const { values, ca, own } = await startTlsProvider(t)
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', path, values)
  const tested = () => engine.send('POST', `${path}/${id}/testconnectivity`)
  const before = await tested()
  assert.equal(before.status, 400)
  assert.match(before.body.detail, /TLS with https:\/\/127.* failed: .*that the provider's CA is trusted/)

  const chain = await engine.list(`${path}/${id}/certificates`)
  assert.deepEqual(
    chain.map(({ id: at, content, self_signed }) => [at, content, self_signed]),
    [
      ['0', base64(own), 'false'],
      ['1', base64(ca), 'true'],
    ],
  )
  assert.equal(chain[1].fingerprint, new X509Certificate(ca).fingerprint256)
  assert.match(chain[0].subject, /CN=127\.0\.0\.1/)
  assert.equal(chain[0].issuer, chain[1].subject)
  assert.deepEqual(await engine.ask('GET', `${path}/${id}/certificates/1`), chain[1])
  assert.equal((await engine.send('GET', `${path}/${id}/certificates/2`)).status, 404)

  await engine.ask('POST', `${path}/${id}/importcertificates`, importing(chain.at(-1).content))
  assert.equal((await tested()).status, 200, 'without a restart')
  await engine.ask('POST', `${path}/${id}/importcertificates`, importing(chain.at(-1).content))
  const file = readFileSync(join(engine.dataDir, 'provider-trust.pem'), 'utf8')
  assert.equal(file.match(/BEGIN CERTIFICATE/g)!.length, 1, 'kept once')
  const [event] = await engine.list('/events')
  assert.deepEqual([event.code, event.description], ['213', 'The certificate of provider sdn was imported.'])
})

test('all of it works before the provider is kept', async (t) => {
  const { values } = await startTlsProvider(t)
  const engine = await startTestEngine(t)
  const unsaved = { openstack_network_provider: values }
  assert.equal((await engine.send('POST', `${path}/testconnectivity`, unsaved)).status, 400)
  const { certificates } = await engine.ask('POST', `${path}/readcertificates`, unsaved)
  const { content } = certificates.certificate.at(-1)
  await engine.ask('POST', `${path}/importcertificates`, { ...unsaved, ...importing(content) })
  await engine.ask('POST', `${path}/testconnectivity`, unsaved)
})

test("a server's own certificate can be trusted where nothing else is shown", async (t) => {
  const { values, own } = await startTlsProvider(t, '127.0.0.1', false)
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', path, values)
  const chain = await engine.list(`${path}/${id}/certificates`)
  assert.deepEqual(
    chain.map(({ content }) => content),
    [base64(own)],
  )
  await engine.ask('POST', `${path}/${id}/importcertificates`, importing(Buffer.from(own).toString('base64')))
  await engine.ask('POST', `${path}/${id}/testconnectivity`)
})

test('a trusted certificate for another host is not enough', async (t) => {
  const { values, ca } = await startTlsProvider(t, 'provider.example')
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', path, values)
  await engine.ask('POST', `${path}/${id}/importcertificates`, importing(ca))
  const { status, body } = await engine.send('POST', `${path}/${id}/testconnectivity`)
  assert.equal(status, 400)
  assert.match(body.detail, /TLS with .* failed: Hostname\/IP does not match certificate's altnames/)
})

for (const [what, body, reason] of [
  ['nothing', {}, 'Incomplete parameters'],
  ['an empty list', importing(), 'Incomplete parameters'],
  ['a text', importing('nonsense'), 'Operation Failed'],
  ['no base64', importing('-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'), 'Operation Failed'],
  ['another kind', { certificates: 'x' }, 'Invalid value'],
] as const)
  test(`${what} is not imported`, async (t) => {
    const engine = await startTestEngine(t)
    const { id } = await engine.ask('POST', path, { name: 'sdn', type: 'external', url: 'https://127.0.0.1:1' })
    const answer = await engine.send('POST', `${path}/${id}/importcertificates`, body)
    assert.deepEqual([answer.status, answer.body.reason], [400, reason])
    assert.throws(() => readFileSync(join(engine.dataDir, 'provider-trust.pem')), /ENOENT/)
    const [{ code, severity, description }] = await engine.list('/events?max=1')
    if (reason === 'Operation Failed') {
      assert.deepEqual([code, severity], ['214', 'error'])
      assert.match(description, /^Failed to import the certificate of provider sdn: ./)
    } else assert.equal(code, '205', 'what cannot be read was not begun')
  })

test('a server that shows no certificate is told with the reason', async (t) => {
  const plain = await startTestProvider(t)
  const { ask, send, list } = await startTestEngine(t)
  const { id } = await ask('POST', path, { name: 'sdn', type: 'external', url: plain.url })
  assert.deepEqual(await list(`${path}/${id}/certificates`), [], 'http')
  for (const [url, reason] of [
    [plain.url.replace('http:', 'https:'), /TLS with https:.* failed/],
    ['https://127.0.0.1:1', /refused the connection/],
  ] as const) {
    await ask('PUT', `${path}/${id}`, { url })
    const { status, body } = await send('GET', `${path}/${id}/certificates`)
    assert.equal(status, 400)
    assert.match(body.detail, reason)
  }
})
