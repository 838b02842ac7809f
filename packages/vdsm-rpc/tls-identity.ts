// Who a side is and whom it trusts: VDSM uses the same three files as a server and as a client.

/** PEM texts: /etc/pki/vdsm/certs/cacert.pem, certs/vdsmcert.pem and keys/vdsmkey.pem on an oVirt host. */
export interface TlsIdentity {
  /** Certificates of the CA that the other side's certificate must come from. */
  readonly ca: string | Buffer
  readonly cert: string | Buffer
  readonly key: string | Buffer
}
