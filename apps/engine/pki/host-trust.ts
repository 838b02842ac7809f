// Which host is at the other end, and what hosts are given when they are connected: certificate and list of the revoked.
import type { VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import type { Logger } from 'pino'
import type { HostConnections } from '../hosts/host-connections.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Store } from '../store/store.ts'
import type { EngineIdentity } from './engine-identity.ts'
import { type HostCertificates, uriOf } from './host-certificates.ts'

export interface HostTrust {
  /** For a connection to this host, which must show a certificate of its own that is not revoked. */
  tlsFor(host: Host): Promise<TlsIdentity>
  /** Gives a host its certificate and the list. A host that does not take them (a real VDSM) is left as it is. */
  deliver(host: Host, client: Pick<VdsmClient, 'call'>): Promise<void>
  /** The same for all hosts that are up; what fails is tried again when the host connects the next time. */
  deliverToAll(connections: HostConnections): Promise<void>
}

export const updateVerb = 'Host.updateCertificates'
const deliveryTimeoutMs = 10_000

export function createHostTrust(
  store: Store,
  certificates: HostCertificates,
  identity: EngineIdentity,
  log: Logger,
): HostTrust {
  const delivery = async (host: Host) => ({
    certificate: await certificates.current(host),
    revocations: await certificates.revocations(),
  })
  return {
    async tlsFor(host) {
      const uri = `URI:${uriOf(host.id)}`
      return {
        ...identity.tls(),
        crl: await certificates.revocations(),
        checkServerIdentity: (_name, { subjectaltname = '' }) =>
          subjectaltname.split(', ').includes(uri)
            ? undefined
            : new Error(`the certificate there is not that of host ${host.name}: enrol the host`),
      }
    },
    async deliver(host, client) {
      await client.call(updateVerb, await delivery(host), { timeoutMs: deliveryTimeoutMs }).catch(unlessUnknown)
    },
    async deliverToAll(connections) {
      const up = await store.hosts.find({ status: 'up' })
      const call = async (host: Host) =>
        connections.call(host.id, updateVerb, await delivery(host), { timeoutMs: deliveryTimeoutMs, patienceMs: 0 })
      await Promise.all(
        up.map((host) =>
          call(host)
            .catch(unlessUnknown)
            .catch((err) => log.warn({ host: host.name, err }, 'a host was not told of new certificates')),
        ),
      )
    },
  }
}

function unlessUnknown(error: unknown): void {
  if (!(error instanceof VdsmError && error.code === vdsmErrors.MethodNotFound.code)) throw error
}
