// JSON-RPC 2.0 envelopes as VDSM reads and writes them.
import { VdsmError, vdsmError, vdsmErrors } from '../errors.ts'

export type RequestId = string | number | null

export interface JsonRpcRequest {
  readonly method: string
  /** By name, or by position in the order of the method's schema. */
  readonly params: Readonly<Record<string, unknown>> | readonly unknown[]
  /** Absent in a notification, which gets no answer. */
  readonly id?: RequestId
}

export type JsonRpcResponse = { readonly id: RequestId } & (
  | { readonly result: unknown }
  | { readonly error: VdsmError }
)

export interface VdsmEvent {
  readonly method: string
  readonly params: unknown
}

/**
 * A server's reading of a SEND body. VDSM's Python client wraps each request into an array, so an array of one is
 * taken as that one. Throws a VdsmError, which is answered with the id null (JSON-RPC 2.0, Response object).
 */
export function parseRequest(body: Buffer): JsonRpcRequest {
  const request = unwrapped(parseJson(body))
  if (!isObject(request)) throw invalid('a request is an object, alone or in an array of one')
  const { jsonrpc, method, params, id } = request
  if (jsonrpc !== '2.0') throw invalid('Wrong protocol version')
  if (typeof method !== 'string') throw invalid('missing method header in method')
  if (params != null && typeof params !== 'object') throw invalid('wrong params type')
  if (id != null && typeof id !== 'string' && typeof id !== 'number') throw invalid('wrong id type')
  return { method, params: (params ?? {}) as JsonRpcRequest['params'], ...(id !== undefined && { id }) }
}

export function encodeRequest(id: RequestId, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id })
}

/** A verb without a result answers `true`. Throws what JSON.stringify throws. */
export function encodeResult(id: RequestId, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result: result === undefined ? true : result })
}

export function encodeError(id: RequestId, { code, message }: VdsmError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })
}

/** VDSM's params of an event are an object that also holds `notify_time`. */
export function encodeEvent(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params })
}

/** A client's reading of a MESSAGE body; undefined if it is neither a response nor an event. */
export function parseMessage(body: Buffer): JsonRpcResponse | VdsmEvent | undefined {
  let message: unknown
  try {
    message = parseJson(body)
  } catch {
    return undefined
  }
  if (!isObject(message)) return undefined
  const id = typeof message.id === 'string' || typeof message.id === 'number' ? message.id : null
  if (isObject(message.error)) return { id, error: receivedError(message.error) }
  if (message.result !== undefined) return { id, result: message.result }
  return typeof message.method === 'string' ? { method: message.method, params: message.params } : undefined
}

function receivedError({ code, message }: Record<string, unknown>): VdsmError {
  return new VdsmError(
    typeof code === 'number' ? code : vdsmErrors.InternalError.code,
    typeof message === 'string' ? message : JSON.stringify(message ?? null),
  )
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw vdsmError('ParseError')
  }
}

function unwrapped(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}

function invalid(reason: string): VdsmError {
  return vdsmError('InvalidRequest', { reason })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
