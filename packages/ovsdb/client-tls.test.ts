import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OvsdbClient } from './client.ts'
import { makeIdentities } from './testing/certificates.ts'
import { connectNorthbound, namesIn, nb } from './testing/northbound.ts'
import { noOvsdbServer, startOvsdbServer } from './testing/ovsdb-server.ts'

const skip = noOvsdbServer
const listen = '--remote=pssl:0:127.0.0.1'

test('both sides show certificates of one CA', { skip }, async (t) => {
  const { server: identity, client: tls } = makeIdentities(t, 'server', 'client')
  const server = await startOvsdbServer(t, { args: [listen, ...identity.args] })
  for (const checkHost of [false, true]) {
    const { client } = connectNorthbound(t, `ssl:127.0.0.1:${server.port}`, { tls: { ...tls, checkHost } })
    await client.transact([nb.insert('Address_Set', { name: `checkHost ${checkHost}` })])
  }
  const { client } = connectNorthbound(t, server.remote)
  assert.deepEqual(await namesIn(client, 'Address_Set'), ['checkHost false', 'checkHost true'])
})

test('certificates of another CA are refused by either side, and told as such', { skip }, async (t) => {
  const { server: identity, client: known } = makeIdentities(t, 'server', 'client')
  const { client: stranger } = makeIdentities(t, 'client')
  const server = await startOvsdbServer(t, { args: [listen, ...identity.args] })
  const strangers = { 'an unknown server': stranger, 'an unknown client': { ...stranger, ca: known.ca } }
  for (const [what, tls] of Object.entries(strangers)) {
    const { event } = connectNorthbound(t, `ssl:127.0.0.1:${server.port}`, { tls })
    const { reason } = await event('refused')
    assert.equal(reason.failure, 'tls', `${what}: ${reason.message}`)
    assert.match(reason.message, /Is each certificate of the CA that the other side trusts\?/)
  }
})

test('a server without TLS, and a remote with ssl but no certificates, are told as such', { skip }, async (t) => {
  const { client: tls } = makeIdentities(t, 'client')
  const server = await startOvsdbServer(t, { args: ['--remote=ptcp:0:127.0.0.1'] })
  const { event } = connectNorthbound(t, `ssl:127.0.0.1:${server.port}`, { tls })
  assert.match((await event('refused')).reason.message, /^No connection to ssl:/)
  const remotes = [`ssl:127.0.0.1:${server.port}`]
  assert.throws(() => new OvsdbClient({ remotes, database: 'A' }), /^TypeError: ssl:127.*needs certificates/)
})
