// Who a side is and whom it trusts: VDSM uses the same three files as a server and as a client.
import type { PeerCertificate } from 'node:tls'

/** PEM texts: /etc/pki/vdsm/certs/cacert.pem, certs/vdsmcert.pem and keys/vdsmkey.pem on an oVirt host. */
export interface TlsIdentity {
  /** Certificates of the CA that the other side's certificate must come from. */
  readonly ca: string | Buffer
  readonly cert: string | Buffer
  readonly key: string | Buffer
  /** The CA's list of revoked certificates, which are then refused. Without it, none is. */
  readonly crl?: string | undefined
  /** For clients: why this verified certificate is not the one that was expected. Without it, any of the CA will do. */
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined
}
