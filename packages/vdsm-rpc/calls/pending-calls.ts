// A client's calls that have no answer yet.
import type { Endpoint } from '../connection-failure.ts'
import { VdsmTimeoutError } from '../errors.ts'
import type { JsonRpcResponse, RequestId } from './json-rpc.ts'

interface PendingCall {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

export class PendingCalls {
  readonly #endpoint: Endpoint
  readonly #pending = new Map<RequestId, PendingCall>()

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** The call's result. Throws its VdsmError, a VdsmTimeoutError, or what `fail` is given. */
  add(id: RequestId, method: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id)
        reject(new VdsmTimeoutError(this.#endpoint, method, timeoutMs))
      }, timeoutMs)
      this.#pending.set(id, { resolve, reject, timer })
    })
  }

  /** A response to a call that is not pending (any more) is dropped: VDSM sends to all who share a destination. */
  settle(response: JsonRpcResponse): void {
    const call = this.#take(response.id)
    if (!call) return
    if ('error' in response) call.reject(response.error)
    else call.resolve(response.result)
  }

  fail(error: Error): void {
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error)
  }

  #take(id: RequestId): PendingCall | undefined {
    const call = this.#pending.get(id)
    this.#pending.delete(id)
    clearTimeout(call?.timer)
    return call
  }
}
