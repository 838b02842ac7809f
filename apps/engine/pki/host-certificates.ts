// Certificates of hosts: a one-time token becomes a certificate, which is renewed and can be revoked.
import 'reflect-metadata'
import { createHash, randomBytes } from 'node:crypto'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { Fault } from '../faults.ts'
import type { HostCertificate } from '../store/entities/certificates.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Store, Tables } from '../store/store.ts'
import { type Authority, type Clock, certificateLifeMs, type Issued } from './authority.ts'
import { createFailedAttempts } from './failed-attempts.ts'

export interface EnrolmentToken {
  readonly token: string
  /** ms since 1970. */
  readonly expires: number
}

export interface HostCertificates {
  /** A token for this host, in place of those before that nobody used. `lifeMs` is how long it can be used. */
  makeToken(hostId: string, lifeMs: number): Promise<EnrolmentToken>
  /**
   * A certificate (PEM) for the key of this request (PKCS #10, PEM). A token serves one key only: the same request
   * again, after an answer that was lost, gets the same certificate. `from`: the address that asks.
   */
  enrol(token: string, request: string, from: string): Promise<string>
  /** The certificate a host should have now, renewed if it ends soon; undefined if it has none that is good. */
  current(host: Host): Promise<string | undefined>
  /** All certificates and tokens of a host, inside the caller's transaction. */
  revoke(tables: Tables, hostId: string): Promise<void>
  /** PEM: what is revoked and has not ended by itself. */
  revocations(): Promise<string>
}

const renewedBeforeMs = certificateLifeMs / 3

export function createHostCertificates(store: Store, authority: Authority, clock: Clock): HostCertificates {
  const attempts = createFailedAttempts(clock)

  async function record(tables: Tables, host: Host, publicKey: Buffer, issued: Issued): Promise<HostCertificate> {
    const row = {
      id: issued.serial,
      hostId: host.id,
      pem: issued.pem,
      publicKey: publicKey.toString('base64'),
      notAfter: issued.notAfter,
      revokedAt: 0,
    }
    await tables.hostCertificates.insert(row)
    return row
  }

  const issueFor = (host: Host, publicKey: Buffer) =>
    authority.issue(publicKey, { name: host.address, alsoNamed: [host.name], uri: uriOf(host.id) })

  async function redeem(tables: Tables, token: string, publicKey: Buffer): Promise<string> {
    const row = await tables.enrolmentTokens.get(digest(token))
    const host = row && (await tables.hosts.get(row.hostId))
    if (!row || !host) throw new Fault('ENROLMENT_TOKEN_UNKNOWN')
    if (row.certificateId !== '') {
      const before = await tables.hostCertificates.get(row.certificateId)
      if (before?.publicKey === publicKey.toString('base64') && before.revokedAt === 0) return before.pem
      throw new Fault('ENROLMENT_TOKEN_USED')
    }
    if (row.expires <= clock()) throw new Fault('ENROLMENT_TOKEN_EXPIRED')
    const { id, pem } = await record(tables, host, publicKey, await issueFor(host, publicKey))
    await tables.enrolmentTokens.update(row.id, { certificateId: id })
    return pem
  }

  return {
    async makeToken(hostId, lifeMs) {
      const token = randomBytes(32).toString('base64url')
      const expires = clock() + lifeMs
      await store.transaction(async (tables) => {
        if (!(await tables.hosts.get(hostId))) throw new Fault('NOT_FOUND', { what: 'Host', id: hostId })
        for (const { id } of await tables.enrolmentTokens.find({ hostId, certificateId: '' }))
          await tables.enrolmentTokens.remove(id)
        await tables.enrolmentTokens.insert({ id: digest(token), hostId, expires, certificateId: '' })
      })
      return { token, expires }
    },
    async enrol(token, request, from) {
      if (attempts.isBarred(from)) throw new Fault('TOO_MANY_ATTEMPTS')
      try {
        const publicKey = await requestedKey(request)
        return await store.transaction((tables) => redeem(tables, token, publicKey))
      } catch (error) {
        if (error instanceof Fault) attempts.note(from)
        throw error
      }
    },
    current: (host) =>
      store.transaction(async (tables) => {
        const good = (await tables.hostCertificates.find({ hostId: host.id, revokedAt: 0 })).at(-1)
        if (!good || good.notAfter <= clock() || !(await tables.hosts.get(host.id))) return undefined
        if (good.notAfter - clock() > renewedBeforeMs) return good.pem
        const publicKey = Buffer.from(good.publicKey, 'base64')
        return (await record(tables, host, publicKey, await issueFor(host, publicKey))).pem
      }),
    async revoke(tables, hostId) {
      for (const { id } of await tables.hostCertificates.find({ hostId, revokedAt: 0 }))
        await tables.hostCertificates.update(id, { revokedAt: clock() })
      for (const { id } of await tables.enrolmentTokens.find({ hostId })) await tables.enrolmentTokens.remove(id)
    },
    async revocations() {
      const all = await store.hostCertificates.find({})
      const revoked = all.filter(({ revokedAt, notAfter }) => revokedAt > 0 && notAfter > clock())
      return authority.listRevoked(revoked.map(({ id, revokedAt }) => ({ serial: id, at: revokedAt })))
    },
  }
}

/** Stands in a host's certificate, and nowhere else: names and addresses may pass to another host. */
export const uriOf = (hostId: string) => `urn:uuid:${hostId}`

const digest = (token: string) => createHash('sha256').update(token).digest('hex')

/** SPKI, DER. What else the request asks for does not matter: the engine knows whose token it is. */
async function requestedKey(pem: string): Promise<Buffer> {
  const refused = () =>
    new Fault('INVALID_VALUE', { reason: 'The request is not a signed PKCS #10 request for an EC key.' })
  try {
    const request = new Pkcs10CertificateRequest(pem)
    const key = request.publicKey
    if (key.algorithm.name !== 'ECDSA' || !(await request.verify())) throw refused()
    return Buffer.from(key.rawData)
  } catch {
    throw refused()
  }
}
