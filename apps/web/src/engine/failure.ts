// Why the engine did not do it: its fault's text, as an administrator reads it, and the id that stands in its logs.

export class EngineFailure extends Error {
  override readonly name = 'EngineFailure'
  /** HTTP status; 0: the engine was not reached. */
  readonly status: number
  /** '' when the engine was not reached. */
  readonly correlationId: string

  constructor(message: string, status: number, correlationId: string) {
    super(message)
    this.status = status
    this.correlationId = correlationId
  }
}

/** The fault of an answer's body: bare, or within an action that failed. */
export function faultText(body: unknown, status: number): string {
  const { fault = body } = (body ?? {}) as { fault?: unknown }
  const { detail, reason } = (fault ?? {}) as { detail?: string; reason?: string }
  // The engine puts brackets around what it refuses to do, one pair for each of several reasons.
  const text = detail?.replace(/^\[(.*)\]$/s, '$1')
  return text || reason || `The engine answered ${status}.`
}
