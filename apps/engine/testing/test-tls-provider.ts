// A provider for tests whose certificate is of a CA that nobody trusts yet.
import type { TestContext } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { serverCertificate } from './test-certificate.ts'

const password = 'right'

/** A provider with an Identity service, both with a certificate for this name; and the CA that signed it. */
export async function startTlsProvider(t: TestContext, name = '127.0.0.1', withChain = true) {
  const { cert: own, key, ca } = await serverCertificate(t, name)
  const cert = withChain ? `${own}\n${ca}` : own
  const provider = await startTestProvider(t, {
    tls: { cert, key },
    administrator: { name: 'admin', password },
  })
  const values = {
    name: 'sdn',
    type: 'external',
    url: provider.url,
    requires_authentication: 'true',
    username: 'admin',
    password,
    authentication_url: provider.identityUrl!,
  }
  return { values, ca, own }
}
