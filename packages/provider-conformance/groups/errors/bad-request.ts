// A request that is wrong, and how it is to be refused.
import type { Method } from '../../exchange.ts'
import type { ProviderUnderTest } from '../../provider-under-test.ts'

/** One request that must be refused. */
export interface BadRequest {
  readonly id: string
  /** What is wrong with it, as the beginning of a sentence. */
  readonly what: string
  /** Neutron's answer. */
  readonly status: number
  readonly type: string
  /** The engine's user would be deceived by a success: then refusing it is required, whatever the words. */
  readonly essential?: true
  readonly readOnly?: true
  /** Makes what the request needs, and says what to send. */
  request(provider: ProviderUnderTest): Promise<Request> | Request
}

export interface Request {
  readonly method: Method
  readonly path: string
  readonly body?: unknown
  readonly raw?: string
}
