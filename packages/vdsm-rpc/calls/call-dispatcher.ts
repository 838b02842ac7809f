// From the bytes of a request to the bytes of its response: finds the method, runs it, words its outcome.
import { VdsmError, vdsmError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { encodeError, encodeResult, type JsonRpcRequest, parseRequest, type RequestId } from './json-rpc.ts'
import type { WorkQueue } from './work-queue.ts'

export interface Call {
  /** The engine's flow id (header ovirtCorrelationId), to be logged with all that the call does. */
  readonly correlationId?: string
  /** Address and port of the client. */
  readonly peer: string
}

/**
 * Carries out one verb. What it resolves to is the result (`undefined` is sent as `true`); a VdsmError it throws is sent
 * as it is, anything else as an internal error without details. It bounds its own work: the server does not stop it.
 */
export type Method = (params: Readonly<Record<string, unknown>>, call: Call) => Promise<unknown>

export interface CallDispatcherOptions {
  /** By `Class.verb`. */
  readonly methods: Readonly<Record<string, Method>>
  /** Names of a method's parameters in schema order, for clients that pass a list. */
  readonly positions?: Readonly<Record<string, readonly string[]>>
  readonly queue: WorkQueue
  readonly logger: Logger
}

export class CallDispatcher {
  readonly #options: CallDispatcherOptions

  constructor(options: CallDispatcherOptions) {
    this.#options = options
  }

  /** The response's body; undefined after a notification. Never rejects. */
  async dispatch(body: Buffer, call: Call): Promise<string | undefined> {
    let request: JsonRpcRequest
    try {
      request = parseRequest(body)
    } catch (error) {
      return encodeError(null, this.#worded(error, 'request', call))
    }
    const response = await this.#respond(request, request.id ?? null, call)
    return request.id === undefined ? undefined : response
  }

  async #respond(request: JsonRpcRequest, id: RequestId, call: Call): Promise<string> {
    const started = performance.now()
    try {
      const response = encodeResult(id, await this.#run(request, call))
      const ms = Math.round(performance.now() - started)
      this.#options.logger.debug({ method: request.method, ms, ...call }, 'call done')
      return response
    } catch (error) {
      return encodeError(id, this.#worded(error, request.method, call))
    }
  }

  #run({ method, params }: JsonRpcRequest, call: Call): Promise<unknown> {
    const { methods, positions, queue } = this.#options
    if (!Object.hasOwn(methods, method)) throw vdsmError('MethodNotFound', { method })
    const named = byName(params, positions && Object.hasOwn(positions, method) ? positions[method]! : [])
    return queue.run(() => methods[method]!(named, call))
  }

  /** What the client gets to see. Parameters are never logged: they may hold passwords. */
  #worded(error: unknown, method: string, call: Call): VdsmError {
    const { logger } = this.#options
    if (error instanceof VdsmError) {
      logger.info({ method, code: error.code, reason: error.message, ...call }, 'call failed')
      return error
    }
    logger.error({ err: error, method, ...call }, 'call failed unexpectedly')
    return vdsmError('InternalError', { reason: `${method} failed unexpectedly, the log of the host says why` })
  }
}

function byName(params: JsonRpcRequest['params'], names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isList(params)) return params
  if (params.length > names.length)
    throw vdsmError('InvalidParams', { reason: `${params.length} by position, at most ${names.length} are known` })
  return Object.fromEntries(params.map((value, index) => [names[index]!, value]))
}

function isList(params: JsonRpcRequest['params']): params is readonly unknown[] {
  return Array.isArray(params)
}
