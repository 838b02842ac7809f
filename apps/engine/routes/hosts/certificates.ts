// The CA's certificate at oVirt's place; tokens and revocation for administrators; enrolment for hosts.
import { int } from '@patchbay/ovirt-api/element.ts'
import { readElements } from '@patchbay/ovirt-api/json.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { Fault } from '../../faults.ts'
import { queryOf } from '../http/request-url.ts'
import { registerAction } from '../http/resource-routes.ts'

const servicesPath = '/ovirt-engine/services'
const usualLifeSeconds = 3_600
const mostLifeSeconds = 7 * 24 * 3_600

export function registerCertificates(
  app: FastifyInstance,
  { authority, certificates, hosts }: Pick<Context, 'authority' | 'certificates' | 'hosts'>,
): void {
  app.get(`${servicesPath}/pki-resource`, async (request, reply) => {
    const query = queryOf(request)
    if (query.get('resource') !== 'ca-certificate')
      throw new Fault('INVALID_VALUE', { reason: 'resource must be ca-certificate.' })
    if ((query.get('format') ?? 'X509-PEM-CA') !== 'X509-PEM-CA')
      throw new Fault('INVALID_VALUE', { reason: 'format must be X509-PEM-CA.' })
    return reply.type('application/x-x509-ca-cert').send(authority.ca)
  })
  registerAction(
    app,
    '/hosts/:id/enroltoken',
    async ({ id }, body) => {
      const { token, expires } = await certificates.makeToken(id!, lifeMsOf(body))
      return {
        token,
        expires: new Date(expires).toISOString(),
        ca_fingerprint: authority.fingerprint,
      }
    },
    { isAnswered: true },
  )
  registerAction(app, '/hosts/:id/revokecertificate', ({ id }) => hosts.revoke(id!))
  app.post(`${servicesPath}/host-enrolment`, { bodyLimit: 16_384 }, async (request, reply) => {
    const { token, request: csr } = (request.body ?? {}) as Record<string, unknown>
    if (typeof token !== 'string' || typeof csr !== 'string')
      throw new Fault('INCOMPLETE_PARAMETERS', { what: 'token, request', action: 'enrol' })
    const certificate = await certificates.enrol(token, csr, request.ip)
    return reply
      .header('cache-control', 'no-store')
      .send({ certificate, ca: authority.ca, revocations: await certificates.revocations() })
  })
}

function lifeMsOf(body: object): number {
  const { expires_in: seconds = usualLifeSeconds } = readElements({ expires_in: int }, body, 'action')
  if (seconds < 1 || seconds > mostLifeSeconds)
    throw new Fault('INVALID_VALUE', { reason: `expires_in must be 1 to ${mostLifeSeconds} seconds.` })
  return seconds * 1000
}
