// What an enrolled agent takes from the engine while it runs, and what it refuses.
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { readOptions } from '@patchbay/service/options.ts'
import { connectVdsm } from '@patchbay/vdsm-rpc/client.ts'
import { createVdsmServer } from '@patchbay/vdsm-rpc/server.ts'
import { pino } from 'pino'
import { openAuthority } from '../../engine/pki/authority.ts'
import { certificateVerbs } from '../api/certificate-verbs.ts'
import { agentOptions, toConfig } from '../config.ts'
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

test('files that are empty, foreign, of another key or at their end are told at the start, with what to do', async (t) => {
  const { files, issue, authority, authorityIn, otherKey, time } = await start(t)
  const dir = dirname(files.ca)
  const startAgent = () => toConfig(readOptions('agent', agentOptions, ['--pki-dir', dir], {}))
  assert.equal(startAgent().tls?.cert, readFileSync(files.cert, 'utf8'))
  const foreign = await authorityIn('other-ca')
  const now = time.now
  time.now -= 91 * 24 * 3_600_000
  const ended = await issue()
  time.now = now
  for (const [file, content, said] of [
    ...Object.values(files).map((file) => [file, '', /holds no /] as const),
    [files.cert, await authority.listRevoked([]), /holds no certificate/],
    [files.cert, await issue(undefined, foreign), /does not come from this host's CA/],
    [files.cert, await issue(otherKey), /is for another key/],
    [files.cert, ended, /the certificate ended on \w+ .* GMT/],
    [files.crl, await foreign.listRevoked([]), /does not come from this host's CA/],
  ] as const) {
    const before = readFileSync(file, 'utf8')
    writeWhole(file, content)
    assert.throws(startAgent, ({ name, message }: Error) => {
      assert.equal(name, 'ConfigurationError')
      assert.ok(message.startsWith(`--pki-dir: ${file}`), message)
      assert.match(message, said)
      assert.match(message, /: run patchbay agent enrol with a new token$/)
      return true
    })
    writeWhole(file, before)
  }
  writeWhole(files.key, '')
  assert.throws(() => readOrMakeKey(dir), /key\.pem holds no private key: remove it/, 'enrolment says so, too')
  assert.throws(startAgent, /holds no private key: remove it .*: run patchbay agent enrol/)
  rmSync(files.key)
  assert.throws(startAgent, /ENOENT.*key\.pem.*: run patchbay agent enrol/)
})
