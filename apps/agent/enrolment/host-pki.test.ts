// What an enrolled agent takes from the engine while it runs, and what it refuses.
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { createVdsmServer } from '@patchbay/vdsm-rpc/server.ts'
import { pino } from 'pino'
import { openAuthority } from '../../engine/pki/authority.ts'
import { certificateVerbs } from '../api/certificate-verbs.ts'
import { openHostPki, pkiFiles, readOrMakeKey, writeWhole } from './host-pki.ts'

async function start(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-host-pki-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const time = { now: Date.now() - 10_000 }
  const authorityIn = (name: string) => openAuthority(join(dir, name), () => time.now)
  const authority = await authorityIn('ca')
  const files = pkiFiles(join(dir, 'host'))
  const publicKeyOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'der' })
  const publicKey = publicKeyOf(readOrMakeKey(join(dir, 'host')))
  const issue = async (key = publicKey, by = authority) => (await by.issue(key, { name: 'host', alsoNamed: [] })).pem
  writeWhole(files.ca, authority.ca)
  writeWhole(files.cert, await issue())
  writeWhole(files.crl, await authority.listRevoked([]))
  const otherKey = publicKeyOf(readOrMakeKey(join(dir, 'other')))
  return { time, authority, authorityIn, files, issue, otherKey, pki: openHostPki(join(dir, 'host')) }
}

test('a renewed certificate is shown to new connections; those that stand go on', async (t) => {
  const { pki, issue, authority, files } = await start(t)
  const tls = pki.identity
  const logger = pino({ level: 'silent' })
  const server = createVdsmServer({
    methods: certificateVerbs(pki, () => server.setIdentity(pki.identity)),
    logger,
    tls,
  })
  const port = await server.listen({ host: '127.0.0.1', port: 0 })
  const client = await connectVdsm({ host: '127.0.0.1', port, tls })
  const certificate = await issue()
  const revocations = await authority.listRevoked([])
  assert.equal(await client.call('Host.updateCertificates', { certificate, revocations }), true)
  assert.equal(await client.call('Host.updateCertificates', { revocations }), true, 'on the same connection')
  const shown = new X509Certificate(certificate).serialNumber
  const socket = connect({ host: '127.0.0.1', port, ...tls, checkServerIdentity: () => undefined })
  t.after(async () => {
    socket.destroy()
    await client.close()
    await server.close()
  })
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  assert.equal(socket.getPeerCertificate().serialNumber, shown)
  assert.equal(readFileSync(files.cert, 'utf8'), certificate)
})

test('what is for another key, of another CA, older or no PEM is refused, and nothing changes', async (t) => {
  const { pki, issue, authority, authorityIn, otherKey, time } = await start(t)
  const other = await authorityIn('other-ca')
  const revocations = await authority.listRevoked([])
  const before = { ...pki.identity }
  time.now -= 3_600_000
  const older = await authority.listRevoked([])
  for (const [update, said] of [
    [{ certificate: await issue(otherKey), revocations }, /for another key/],
    [{ certificate: await issue(undefined, other), revocations }, /does not come from this host's CA/],
    [{ revocations: await other.listRevoked([]) }, /list .* does not come from this host's CA/],
    [{ revocations: older }, /older/],
    [{ revocations: 'no PEM' }, /./],
  ] as [{ certificate?: string; revocations: string }, RegExp][]) {
    await assert.rejects(pki.update(update), said)
    assert.deepEqual({ ...pki.identity }, before)
  }
})
