// JSON-RPC 1.0 as OVSDB speaks it (RFC 7047 section 4): requests in both directions, responses, notifications.
import { largeText, parseLarge } from './large-load.ts'

export type RpcMessage = RpcRequest | RpcNotification | RpcResponse

export interface RpcRequest {
  readonly type: 'request'
  /** Any JSON but null: ovsdb-server's echo requests have "echo". */
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

export interface RpcNotification {
  readonly type: 'notification'
  readonly method: string
  readonly params: readonly unknown[]
}

export interface RpcResponse {
  readonly type: 'response'
  readonly id: unknown
  readonly result: unknown
  /** Null on success; else a string ("unknown method") or an <error> object. */
  readonly error: unknown
}

export function encodeRequest(id: number, method: string, params: readonly unknown[]): string {
  return `{"id":${id},"method":"${method}","params":${JSON.stringify(params)}}`
}

export function encodeNotification(method: string, params: readonly unknown[]): string {
  return `{"id":null,"method":"${method}","params":${JSON.stringify(params)}}`
}

export function encodeResponse(id: unknown, result: unknown): string {
  return JSON.stringify({ id, result, error: null })
}

/** Undefined for what is no JSON-RPC message. */
export function parseMessage(text: string): RpcMessage | undefined {
  let json: Record<string, unknown>
  try {
    json = text.length < largeText ? JSON.parse(text) : parseLarge(text)
  } catch {
    return undefined
  }
  const { id, method, params } = json
  if (typeof method === 'string') {
    const list = Array.isArray(params) ? params : []
    if (id === null || id === undefined) return { type: 'notification', method, params: list }
    return { type: 'request', id, method, params: list }
  }
  if (id === undefined || id === null || !('result' in json || 'error' in json)) return undefined
  // ovsdb-server leaves out `result` where there is an error.
  return { type: 'response', id, result: json.result, error: json.error ?? null }
}
