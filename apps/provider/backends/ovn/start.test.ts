// A provider starts without its database, says what is missing, and works as soon as that is there; with TLS too.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeIdentities } from '@patchbay/ovsdb/testing/certificates.ts'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { ConfigurationError, configure } from '@patchbay/service/options.ts'
import { until } from '../../../../lab/until.ts'
import { providerOptions, toConfig } from '../../config.ts'
import { makeNetwork, makePort, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer
const listen = '--remote=pssl:0:127.0.0.1'
const ready = async (url: string) => (await fetch(`${url}/readyz`)).status

test('without its database the provider says so, and works when that comes', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  await server.signal('SIGTERM')
  const provider = await startOvnProvider(t, server, { times: { patienceMs: 200 } })
  const response = await fetch(`${provider.url}/readyz`)
  assert.deepEqual(
    [response.status, await response.json()],
    [503, { status: 'not ready', missing: `the northbound database at ${server.remote}` }],
  )
  assert.equal((await fetch(`${provider.url}/healthz`)).status, 200)
  const requests: [method: string, path: string, body?: object][] = [
    ['GET', '/networks'],
    ['GET', '/ports/7c1dd5a0-3d9b-4a57-9c0b-9ad5f8f6a001'],
    ['POST', '/networks', { network: {} }],
  ]
  for (const request of requests) {
    const start = performance.now()
    const { status, body } = await provider.send(...request)
    assert.deepEqual([status, body.NeutronError.type], [503, 'ServiceUnavailable'])
    assert.match(body.NeutronError.message, /^.*northbound database at unix:.* cannot be reached/)
    assert.ok(performance.now() - start < 2000)
  }
  await server.start()
  assert.ok(await until(async () => (await ready(provider.url)) === 200, 5000))
  await makePort(provider, (await makeNetwork(provider)).id)
})

test('a request that comes while the database is away is answered when it is back', { skip }, async (t) => {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server, { times: { patienceMs: 5000 } })
  const { id } = await makeNetwork(provider)
  await server.signal('SIGKILL')
  assert.ok(await until(async () => (await ready(provider.url)) === 503, 5000))
  const reading = provider.send('GET', `/networks/${id}`)
  const writing = makePort(provider, id)
  await server.start()
  assert.equal((await reading).status, 200)
  assert.equal((await writing).network_id, id)
})

test('a database of another kind is no northbound database', { skip }, async (t) => {
  const server = await startOvsdbServer(t, { schema: { name: 'Other', version: '1.0.0', tables: {} } })
  const provider = await startOvnProvider(t, server, { times: { patienceMs: 200 } })
  const { status, body } = await provider.send('GET', '/networks')
  assert.deepEqual([status, body.NeutronError.type], [503, 'ServiceUnavailable'])
})

test('with certificates of one CA the database is reached over TLS, with others it is not', { skip }, async (t) => {
  const { server: identity, client: tls } = makeIdentities(t, 'server', 'client')
  const server = await startOvsdbServer(t, { args: [listen, ...identity.args] })
  const remote = { remote: `ssl:127.0.0.1:${server.port}` }
  const provider = await startOvnProvider(t, remote, { tls })
  await makePort(provider, (await makeNetwork(provider)).id)
  const stranger = await startOvnProvider(t, remote, {
    tls: makeIdentities(t, 'client').client,
    times: { patienceMs: 200 },
  })
  assert.equal((await stranger.send('GET', '/networks')).status, 503)
})

test('wrong options for OVN are told, all of them', { skip }, async (t) => {
  const { ovn } = makeIdentities(t, 'ovn')
  const [certArg, keyArg, caArg] = [ovn.args[1]!, ovn.args[2]!, ovn.args[0]!].map((arg) => arg.split('=')[1]!)
  const [cert, key, ca] = [
    ['--ovn-cert', certArg!],
    ['--ovn-key', keyArg!],
    ['--ovn-ca', caArg!],
  ] as const
  const nothing = join(ca![1], '..', 'nothing')
  const noPem = join(ca![1], '..', 'no-pem')
  writeFileSync(noPem, 'no PEM')
  const notRemote = /^--ovn-nb: ".*" is not tcp:HOST:PORT, ssl:HOST:PORT or unix:PATH$/
  const needs = /^--ovn-nb: ssl: needs --ovn-ca, --ovn-cert and --ovn-key$/
  const cases: [remotes: string, more: readonly string[], ...mistakes: RegExp[]][] = [
    ['', [], notRemote],
    ['10.0.0.1:6641', [], notRemote],
    ['tcp:10.0.0.1', [], notRemote],
    ['tcp:10.0.0.1:70000', [], notRemote],
    ['tcp:fd00::1:6641', [], notRemote],
    ['unix:db.sock', [], notRemote],
    ['tcp:a:1,udp:b:2,tcp:c', [], notRemote, notRemote],
    ['ssl:a:1', [], needs],
    ['ssl:a:1', [...cert, ...key], needs],
    ['ssl:a:1', [...ca], needs],
    ['ssl:a:1', [...ca, ...cert], /^--ovn-cert and --ovn-key belong together$/],
    ['ssl:a:1', [...cert, ...key, '--ovn-ca', nothing], /^--ovn-ca: .*nothing: ENOENT/],
    ['ssl:a:1', [...cert, ...key, '--ovn-ca', noPem], /^--ovn-ca: .*no-pem: /],
    ['ssl:a:1', [...ca, '--ovn-cert', nothing, ...key], /^--ovn-cert and --ovn-key: ENOENT/],
    ['ssl:a:1', [...ca, '--ovn-cert', noPem, ...key], /^--ovn-cert and --ovn-key: /],
  ]
  const configOf = (remotes: string, more: readonly string[]) =>
    configure(
      'provider',
      providerOptions,
      toConfig,
      ['--no-auth', '--backend', 'ovn', '--ovn-nb', remotes, ...more],
      {},
    )
  for (const [remotes, more, ...mistakes] of cases)
    assert.throws(
      () => configOf(remotes, more),
      (error) => {
        assert.ok(error instanceof ConfigurationError, String(error))
        const lines = error.message.split('\n')
        assert.equal(lines.length, mistakes.length, error.message)
        for (const [index, mistake] of mistakes.entries()) assert.match(lines[index]!, mistake)
        return true
      },
    )
  const { ovn: right } = configOf('ssl:a:1, tcp:[fd00::1]:6641 ,unix:/run/x', [...cert, ...key, ...ca])
  assert.deepEqual(right?.remotes, ['ssl:a:1', 'tcp:[fd00::1]:6641', 'unix:/run/x'])
  assert.equal(right?.tls?.ca, String(ovn.ca))
})
