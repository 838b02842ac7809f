// Why a connection to VDSM failed, told so that an administrator knows what to do next.
import { type ConnectionFailure, VdsmConnectionError } from './errors.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** What a socket was destroyed with; no reason means that the host closed it in good order. */
type Reason = (Error & { code?: string; reason?: string }) | undefined

/** Once the STOMP session has been set up. */
export function connectionLost(reason: Reason, endpoint: Endpoint): VdsmConnectionError {
  if (reason instanceof VdsmConnectionError) return reason
  const text = `The connection to ${endpoint.host} port ${endpoint.port} was lost: ${wordsOf(reason)}.`
  return new VdsmConnectionError('closed', endpoint, `${text} Connect again, then look at the state of the host.`)
}

/** Before that. `tls`: whether this side speaks TLS. */
export function connectionRefused(reason: Reason, endpoint: Endpoint, tls: boolean): VdsmConnectionError {
  if (reason instanceof VdsmConnectionError) return reason
  const [failure, what, advice] = diagnose(reason, tls)
  const where = `${endpoint.host} port ${endpoint.port}`
  return new VdsmConnectionError(failure, endpoint, `No connection to ${where}: ${what}. ${advice}`)
}

function diagnose(reason: Reason, tls: boolean): [ConnectionFailure, what: string, advice: string] {
  const code = reason?.code ?? ''
  const what = wordsOf(reason)
  if (code === 'ECONNREFUSED') return ['unreachable', 'refused', 'Is VDSM or the agent running there?']
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return ['unreachable', 'the host name cannot be resolved', 'Check the address of the host.']
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return ['unreachable', what, 'Check the network and the firewall of the host.']
  if (tlsCodes.test(code)) return ['tls', what, 'Is each certificate of the CA that the other side trusts?']
  return ['closed', what, tls ? 'Does the host trust the CA of our certificate?' : 'Does it want TLS?']
}

/** OpenSSL's and node:tls's codes for alerts, for certificates, and for what is no TLS at all. */
const tlsCodes = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|DEPTH_|SELF_SIGNED|UNABLE_TO_|INVALID_CA|EPROTO)/

function wordsOf(reason: Reason): string {
  if (!reason) return 'the host closed it'
  return reason.reason ?? (reason.message || reason.code || reason.name)
}
