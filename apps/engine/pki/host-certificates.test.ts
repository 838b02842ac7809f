// Tokens, certificates, renewal and revocation, with a clock of the test's own.
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { X509Crl } from '@peculiar/x509'
import { signedRequest } from '../../agent/enrolment/enrol.ts'
import { readOrMakeKey } from '../../agent/enrolment/host-pki.ts'
import { openStore } from '../store/store.ts'
import { certificateLifeMs, openAuthority } from './authority.ts'
import { createHostCertificates, uriOf } from './host-certificates.ts'

const host = { id: 'h1', name: 'host-a', address: '192.0.2.11', port: 54_321, clusterId: 'c' } as const
const hourMs = 3_600_000

async function start(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-pki-'))
  const store = await openStore(`sqlite:${join(dir, 'engine.sqlite')}`)
  t.after(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  await store.hosts.insert({
    ...host,
    status: 'up',
    statusDetail: '',
    comment: '',
    duty: 'active',
    reinstallationRequired: false,
  })
  const time = { now: Date.now() }
  const clock = () => time.now
  const authority = await openAuthority(join(dir, 'pki'), clock)
  const certificates = createHostCertificates(store, authority, clock)
  const keyOf = (name: string) => readOrMakeKey(join(dir, name))
  const enrol = async (token: string, name: string, from = '192.0.2.1') =>
    certificates.enrol(token, await signedRequest(keyOf(name)), from)
  const count = async () => (await store.hostCertificates.find({})).length
  const serialsRevoked = async () =>
    new X509Crl(await certificates.revocations()).entries.map(({ serialNumber }) => serialNumber.toLowerCase())
  return { dir, store, time, authority, certificates, keyOf, enrol, count, serialsRevoked }
}

const refused = (key: string) => ({ name: 'Fault', key })

test('a token becomes a certificate of the CA for the host whose token it is, and for the key that asked', async (t) => {
  const { authority, certificates, enrol, keyOf, store } = await start(t)
  const { token } = await certificates.makeToken(host.id, hourMs)
  const certificate = new X509Certificate(await enrol(token, 'a'))
  const ca = new X509Certificate(authority.ca)
  assert.ok(certificate.checkIssued(ca) && certificate.verify(ca.publicKey) && !certificate.ca)
  assert.equal(certificate.subjectAltName, `IP Address:192.0.2.11, DNS:host-a, URI:${uriOf('h1')}`)
  assert.ok(certificate.publicKey.equals(createPublicKey(keyOf('a'))))
  const [row] = await store.enrolmentTokens.find({})
  assert.doesNotMatch(JSON.stringify(row), new RegExp(token), 'the token itself is not kept')
})

test('a token works for one key: a lost answer is given again, another key is refused, also in a race', async (t) => {
  const { certificates, enrol, count } = await start(t)
  const { token } = await certificates.makeToken(host.id, hourMs)
  const names = ['a', 'b', 'c', 'd']
  const race = await Promise.allSettled(names.map((name) => enrol(token, name)))
  const won = race.findIndex(({ status }) => status === 'fulfilled')
  for (const [index, result] of race.entries())
    if (index !== won) assert.ok(result.status === 'rejected' && result.reason.key === 'ENROLMENT_TOKEN_USED')
  assert.equal(await enrol(token, names[won]!), (race[won] as PromiseFulfilledResult<string>).value)
  assert.equal(await count(), 1)
})

test('a wrong, an expired, a replaced token and a request that is none are refused, and nothing changes', async (t) => {
  const { certificates, enrol, count, time } = await start(t)
  const { token: replaced } = await certificates.makeToken(host.id, hourMs)
  const { token } = await certificates.makeToken(host.id, hourMs)
  await assert.rejects(enrol('wrong', 'a'), refused('ENROLMENT_TOKEN_UNKNOWN'))
  await assert.rejects(enrol(replaced, 'a'), refused('ENROLMENT_TOKEN_UNKNOWN'))
  await assert.rejects(certificates.enrol(token, 'no request', '192.0.2.1'), refused('INVALID_VALUE'))
  time.now += hourMs
  await assert.rejects(enrol(token, 'a'), refused('ENROLMENT_TOKEN_EXPIRED'))
  assert.equal(await count(), 0)
  await assert.rejects(certificates.makeToken('nobody', hourMs), refused('NOT_FOUND'))
})

test('who fails ten times within a minute waits, with a good token too; others do not', async (t) => {
  const { certificates, enrol, time } = await start(t)
  const { token } = await certificates.makeToken(host.id, hourMs)
  for (let attempt = 0; attempt < 10; attempt++)
    await assert.rejects(enrol('wrong', 'a', '192.0.2.66'), refused('ENROLMENT_TOKEN_UNKNOWN'))
  await assert.rejects(enrol(token, 'a', '192.0.2.66'), refused('TOO_MANY_ATTEMPTS'))
  await enrol(token, 'a', '192.0.2.1')
  time.now += 60_000
  await enrol(token, 'a', '192.0.2.66')
})

test('a certificate is renewed for the same key in the last third of its life, once, and not when it has ended', async (t) => {
  const { certificates, enrol, time, count, store } = await start(t)
  const row = (await store.hosts.get(host.id))!
  const { token } = await certificates.makeToken(host.id, hourMs)
  const first = await enrol(token, 'a')
  time.now += certificateLifeMs * 0.66
  assert.equal(await certificates.current(row), first)
  time.now += certificateLifeMs * 0.01
  const second = (await certificates.current(row))!
  assert.notEqual(second, first)
  const [before, after] = [new X509Certificate(first), new X509Certificate(second)]
  assert.ok(after.publicKey.equals(before.publicKey) && after.validToDate > before.validToDate)
  assert.equal(await certificates.current(row), second)
  assert.equal(await count(), 2)
  time.now += certificateLifeMs
  assert.equal(await certificates.current(row), undefined)
})

test('what is revoked is on the list until it ends by itself, and neither renewed nor given again', async (t) => {
  const { certificates, enrol, time, store, serialsRevoked } = await start(t)
  const { token } = await certificates.makeToken(host.id, hourMs)
  const { serialNumber } = new X509Certificate(await enrol(token, 'a'))
  assert.deepEqual(await serialsRevoked(), [])
  await store.transaction((tables) => certificates.revoke(tables, host.id))
  assert.deepEqual(await serialsRevoked(), [serialNumber.toLowerCase()])
  assert.equal(await certificates.current((await store.hosts.get(host.id))!), undefined)
  await assert.rejects(enrol(token, 'a'), refused('ENROLMENT_TOKEN_UNKNOWN'))
  time.now += certificateLifeMs
  assert.deepEqual(await serialsRevoked(), [])
})

test('the CA is made once, for its owner alone, and one that is not whole is told as such', async (t) => {
  const { dir, authority } = await start(t)
  const pki = join(dir, 'pki')
  assert.equal(statSync(join(pki, 'ca.key')).mode & 0o777, 0o600)
  assert.equal((await openAuthority(pki, Date.now)).fingerprint, authority.fingerprint)
  const key = readFileSync(join(pki, 'ca.key'))
  writeFileSync(join(pki, 'ca.key'), readOrMakeKey(join(dir, 'other')))
  await assert.rejects(openAuthority(pki, Date.now), /is not a CA's certificate for the key/)
  rmSync(join(pki, 'ca.key'))
  await assert.rejects(openAuthority(pki, Date.now), /ca\.key is missing beside ca\.pem/)
  writeFileSync(join(pki, 'ca.key'), key)
  rmSync(join(pki, 'ca.pem'))
  const again = new X509Certificate((await openAuthority(pki, Date.now)).ca)
  assert.ok(again.ca, 'a start that ended between the two files is taken up')
})
