// Certificates of providers: read from their servers, shown to whoever decides, and trusted from then on.
import type { X509Certificate } from 'node:crypto'
import type { EventLog } from '../../events/event-log.ts'
import { readCertificateChain } from '../../providers/certificate-chain.ts'
import { type ProviderTimeouts, told } from '../../providers/provider-clients.ts'
import { parseCertificate, type TrustStore } from '../../providers/trust-store.ts'
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Provider } from '../../store/entities/providers.ts'

export interface ShownCertificate {
  /** Its place in the chain: 0 is the server's own. */
  readonly id: string
  readonly certificate: X509Certificate
}

export interface ProviderCertificateService {
  /** Nothing for a provider without https. Throws PROVIDER_FAILURE when the server cannot be asked. */
  chain(provider: Provider): Promise<ShownCertificate[]>
  /** All of them, or none when one is no certificate: PROVIDER_IMPORT_CERTIFICATE_ERROR. */
  trust(provider: Pick<Provider, 'name'>, contents: readonly string[]): Promise<void>
}

export function createProviderCertificateService(
  trustStore: TrustStore,
  events: EventLog,
  { connectTimeoutMs = 20_000 }: ProviderTimeouts,
): ProviderCertificateService {
  return {
    async chain(provider) {
      if (isUnmanaged(provider)) return []
      const read = () => readCertificateChain(provider.url, trustStore.context(), connectTimeoutMs)
      return (await told(provider, read)).map((certificate, at) => ({ id: String(at), certificate }))
    },
    async trust({ name }, contents) {
      try {
        for (const certificate of contents.map(parseCertificate)) trustStore.add(certificate)
      } catch (error) {
        await events.tell(
          'PROVIDER_CERTIFICATE_IMPORT_FAILED',
          `Failed to import the certificate of provider ${name}: ${(error as Error).message}`,
        )
        throw error
      }
      await events.tell('PROVIDER_CERTIFICATE_IMPORTED', `The certificate of provider ${name} was imported.`)
    },
  }
}
