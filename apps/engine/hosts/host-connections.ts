// The engine's connections to its hosts: one for each, made again whenever it is lost.
import { setTimeout as delay } from 'node:timers/promises'
import { connectVdsm, type VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { VdsmConnectionError, VdsmTimeoutError } from '@patchbay/vdsm-rpc/errors.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { Fault } from '../faults.ts'
import type { Host } from '../store/entities.ts'

export interface HostConnections extends AsyncDisposable {
  /** Keeps a connection to this host from now on. */
  add(host: Host): void
  remove(hostId: string): Promise<void>
  /**
   * Calls a verb. While the host cannot be reached, waits for it for `patienceMs`: an agent that restarts is back in a
   * moment. The verb may have been carried out when this throws a Fault or a VdsmError.
   */
  call(hostId: string, method: string, params: object, options?: CallOptions): Promise<unknown>
  /** As `call`, again after a connection that was lost on the way: only for verbs that may be done twice. */
  callAgain(hostId: string, method: string, params: object, options?: CallOptions): Promise<unknown>
}

export interface CallOptions {
  readonly timeoutMs?: number
  readonly patienceMs?: number
  readonly correlationId?: string
}

export interface HostListener {
  /** A new connection stands. Calls of others wait until this has resolved. */
  connected(host: Host, client: VdsmClient): Promise<void>
  disconnected(host: Host, reason: string): Promise<void>
  event(host: Host, method: string, params: unknown): void
}

const pauseMs = { first: 100, most: 3_000 }
const connectTimeoutMs = 5_000

export function createHostConnections(tls: TlsIdentity | undefined, listener: HostListener): HostConnections {
  const connections = new Map<string, Connection>()

  async function call(hostId: string, method: string, params: object, options: CallOptions = {}): Promise<unknown> {
    const connection = connections.get(hostId)
    if (!connection) throw new Fault('NOT_FOUND', { what: 'Host', id: hostId })
    const { patienceMs = 5_000, timeoutMs = 180_000, correlationId } = options
    const client = await connection.client(patienceMs)
    return client.call(method, params, { timeoutMs, correlationId })
  }

  return {
    add: (host) => void connections.set(host.id, keepConnected(host, tls, listener)),
    async remove(hostId) {
      await connections.get(hostId)?.close()
      connections.delete(hostId)
    },
    call: (hostId, method, params, options) => call(hostId, method, params, options).catch(asFault(hostId)),
    async callAgain(hostId, method, params, options = {}) {
      const patienceMs = options.patienceMs ?? 30_000
      const deadline = performance.now() + patienceMs
      for (;;) {
        try {
          return await call(hostId, method, params, {
            ...options,
            patienceMs: Math.max(deadline - performance.now(), 1),
          })
        } catch (error) {
          const lost = error instanceof VdsmConnectionError && !(error instanceof VdsmTimeoutError)
          if (!lost || performance.now() > deadline) return asFault(hostId)(error)
          await delay(pauseMs.first)
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...connections.values()].map((connection) => connection.close()))
    },
  }

  function asFault(hostId: string): (error: unknown) => never {
    return (error) => {
      if (!(error instanceof VdsmConnectionError)) throw error
      throw new Fault('HOST_FAILURE', { host: connections.get(hostId)?.host.name ?? hostId, reason: error.message })
    }
  }
}

interface Connection {
  readonly host: Host
  /** The client, if it stands within this time. Throws the reason of the last failure. */
  client(patienceMs: number): Promise<VdsmClient>
  close(): Promise<void>
}

function keepConnected(host: Host, tls: TlsIdentity | undefined, listener: HostListener): Connection {
  const where = { host: host.address, port: host.port }
  const closing = new AbortController()
  let waiting = Promise.withResolvers<VdsmClient>()
  let standing: VdsmClient | undefined
  let lastError = new VdsmConnectionError('unreachable', where, `${where.host}:${where.port} has not been reached yet`)

  /** Resolves when the connection is lost again. */
  async function connectOnce(): Promise<void> {
    standing = await connectVdsm({ ...where, tls, connectTimeoutMs })
    standing.onEvent(({ method, params }) => listener.event(host, method, params))
    await listener.connected(host, standing)
    waiting.resolve(standing)
    const reason = await standing.closed
    waiting = Promise.withResolvers()
    throw reason ?? new VdsmConnectionError('closed', where, 'the engine closed the connection')
  }

  async function keep(): Promise<void> {
    let pause = pauseMs.first
    while (!closing.signal.aborted) {
      const began = performance.now()
      await connectOnce().catch(async (error) => {
        lastError =
          error instanceof VdsmConnectionError ? error : new VdsmConnectionError('protocol', where, error.message)
        await standing?.close()
        standing = undefined
      })
      if (closing.signal.aborted) return
      await listener.disconnected(host, lastError.message)
      pause = performance.now() - began > pauseMs.most ? pauseMs.first : Math.min(pause * 2, pauseMs.most)
      await delay(pause, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const kept = keep()
  return {
    host,
    async client(patienceMs) {
      const timer = new AbortController()
      const late = delay(patienceMs, undefined, { signal: timer.signal }).then(() => Promise.reject(lastError))
      late.catch(() => {})
      try {
        return await Promise.race([waiting.promise, late])
      } finally {
        timer.abort()
      }
    },
    async close() {
      closing.abort()
      await standing?.close()
      await kept
    },
  }
}
