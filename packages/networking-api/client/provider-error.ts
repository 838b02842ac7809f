// Why a call to a provider failed, told so that an administrator knows what to do next.

export type ProviderFailure =
  | 'unreachable' // refused, no route, unknown host, connection cut
  | 'timeout' // no answer within the bound
  | 'tls' // certificate or protocol mismatch
  | 'unauthorized' // 401 also after logging in again, or the login itself was refused
  | 'rejected' // any other status that is not a success
  | 'malformed' // an answer that is not what the API promises

export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly failure: ProviderFailure
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined
  /** Neutron's error type (`NetworkInUse`), when the answer carried one. */
  readonly type: string | undefined

  constructor(failure: ProviderFailure, message: string, answer: { status?: number; type?: string } = {}) {
    super(message)
    this.failure = failure
    this.status = answer.status
    this.type = answer.type
  }
}

/** Turns what the HTTP client threw into a ProviderError. `where` is the URL that was called. */
export function connectionError(cause: unknown, where: string, timeoutMs: number): ProviderError {
  const { code = '', message, name } = innermost(cause)
  if (timeouts.has(code) || /timeout/i.test(code))
    return new ProviderError(
      'timeout',
      `${where} gave no answer within ${timeoutMs / 1000} s. Is the provider overloaded, or is a firewall dropping packets?`,
    )
  if (code === 'ECONNREFUSED')
    return new ProviderError(
      'unreachable',
      `${where} refused the connection. Is the provider running, and are host and port right?`,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ProviderError('unreachable', `The host name of ${where} cannot be resolved. Check the provider's URL.`)
  if (code === 'ERR_INVALID_URL' || code === 'UND_ERR_INVALID_ARG')
    return new ProviderError('unreachable', `${where} is not a usable URL. It should look like http://host:9696.`)
  if (isTls(code, message))
    return new ProviderError(
      'tls',
      `TLS with ${where} failed: ${message}. Check http against https, and that the provider's CA is trusted.`,
    )
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new ProviderError(
      'malformed',
      `The answer of ${where} is larger than this client accepts. Is this the URL of a Networking API?`,
    )
  if (name === 'HTTPParserError')
    return new ProviderError('malformed', `${where} did not answer in HTTP. Check http against https, and the port.`)
  return new ProviderError(
    'unreachable',
    `The connection to ${where} failed: ${message || code}. Check http against https, and that the provider is running.`,
  )
}

/** The failure that an HTTP error status stands for. */
export function statusError(where: string, status: number, body: unknown): ProviderError {
  const { type, message } = errorIn(body)
  const said = message ? `: ${message}` : ''
  if (status === 401)
    return new ProviderError(
      'unauthorized',
      `${where} did not accept the credentials${said}. Check user, password and tenant or project.`,
      { status, type },
    )
  return new ProviderError('rejected', `${where} answered ${status}${said || '. Check the URL.'}`, { status, type })
}

/** A 401 where nobody gave credentials that could be wrong. */
export function loginWanted(where: string): ProviderError {
  return new ProviderError(
    'unauthorized',
    `${where} wants a login, and none is configured: give user, password, tenant or project, and its Identity API's URL.`,
    { status: 401 },
  )
}

const timeouts = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ABORT_ERR',
])

function isTls(code: string, message: string): boolean {
  return (
    /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code) ||
    /certificate|SSL routines/i.test(message)
  )
}

function innermost(error: unknown): { code?: string; message: string; name?: string } {
  if (!(error instanceof Error)) return { message: String(error) }
  if (error.name === 'TimeoutError') return { code: 'ETIMEDOUT', message: error.message }
  const nested = error instanceof AggregateError ? error.errors[0] : error.cause
  return nested instanceof Error ? innermost(nested) : (error as Error & { code?: string })
}

/** Neutron's `{NeutronError: {type, message}}`, or ovirt-provider-ovn's and Keystone's `{error: {title, message}}`. */
function errorIn(body: unknown): { type?: string; message?: string } {
  const { NeutronError, error } = (body ?? {}) as { NeutronError?: unknown; error?: unknown }
  if (typeof NeutronError === 'string') return { message: NeutronError }
  const found = (NeutronError ?? error ?? {}) as { type?: unknown; title?: unknown; message?: unknown }
  const type = found.type ?? found.title
  return {
    type: typeof type === 'string' ? type : undefined,
    message: typeof found.message === 'string' ? found.message.slice(0, 1000) : undefined,
  }
}
