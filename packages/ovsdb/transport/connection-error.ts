// Why there is no connection, or no longer, told so that an administrator knows what to do next.

export type ConnectionFailure =
  | 'unreachable' // refused, no route, unknown host, no such socket
  | 'tls' // certificate or protocol mismatch, on either side
  | 'timeout' // no connection, no answer, or no sign of life within the bound
  | 'closed' // by either side
  | 'protocol' // what came is not OVSDB, or is larger than the limits
  | 'unsuitable' // the server is there, but not one to work with: not the leader, no such database, stale
  | 'busy' // too much is waiting already

/** Nothing of the call was done, unless it is told as an UncertainOutcomeError. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly failure: ConnectionFailure
  /** Which server; undefined if it is about all of them. */
  readonly remote: string | undefined

  constructor(failure: ConnectionFailure, remote: string | undefined, message: string) {
    super(message)
    this.failure = failure
    this.remote = remote
  }
}

/** The end that this program chose. */
export function clientClosed(): ConnectionError {
  return new ConnectionError('closed', undefined, 'The client was closed.')
}

/** What a socket was destroyed with; none means that the server closed it in good order. */
type Reason = (Error & { code?: string; reason?: string }) | undefined

/** Before the connection was there. */
export function connectionRefused(remote: string, reason: Reason): ConnectionError {
  if (reason instanceof ConnectionError) return reason
  const [failure, advice] = diagnose(remote, reason?.code ?? '')
  return new ConnectionError(failure, remote, `No connection to ${remote}: ${wordsOf(reason)}. ${advice}`)
}

/** Once it was. */
export function connectionLost(remote: string, reason: Reason): ConnectionError {
  if (reason instanceof ConnectionError) return reason
  // With TLS 1.3 a server refuses a certificate only after the handshake.
  const [failure, advice] = tlsCodes.test(reason?.code ?? '') ? tlsFailure : lostInGeneral
  return new ConnectionError(failure, remote, `The connection to ${remote} was lost: ${wordsOf(reason)}. ${advice}`)
}

type Diagnosis = [ConnectionFailure, advice: string]

const tlsFailure: Diagnosis = ['tls', 'Is each certificate of the CA that the other side trusts?']
const lostInGeneral: Diagnosis = ['closed', 'Look at the log of the server if this happens again.']

function diagnose(remote: string, code: string): Diagnosis {
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return ['unreachable', 'Does ovsdb-server run there, and listen with this method?']
  if (code === 'EACCES' || code === 'EPERM') return ['unreachable', 'May this user open the socket?']
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ['unreachable', 'Check the host name.']
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return ['unreachable', 'Check the network and the firewall.']
  if (code.startsWith('ERR_OSSL_PEM')) return ['tls', 'Are ca, cert and key PEM texts?']
  if (tlsCodes.test(code)) return tlsFailure
  return ['closed', remote.startsWith('ssl:') ? 'Does the server listen with pssl?' : 'Does the server want ssl?']
}

/** OpenSSL's and node:tls's codes for alerts, for certificates, and for what is no TLS at all. */
const tlsCodes = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|DEPTH_|SELF_SIGNED|UNABLE_TO_|INVALID_CA|EPROTO)/

function wordsOf(reason: Reason): string {
  if (!reason) return 'the server closed it'
  return (reason.reason ?? (reason.message || reason.code || reason.name)).replace(/[.\s]+$/, '')
}
