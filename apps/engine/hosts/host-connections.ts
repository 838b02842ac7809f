// The engine's connections to its hosts: one for each, made again whenever it is lost.
import { setTimeout as delay } from 'node:timers/promises'
import { connectVdsm, type VdsmClient } from '@patchbay/vdsm-rpc/client.ts'
import { VdsmConnectionError, VdsmTimeoutError, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { correlationId, withCorrelationId } from '../correlation.ts'
import { Fault } from '../faults.ts'
import type { Host } from '../store/entities/infrastructure.ts'

export interface HostConnections extends AsyncDisposable {
  /** Keeps a connection to this host from now on. */
  add(host: Host): void
  remove(hostId: string): Promise<void>
  /** Somebody has seen that it is off: until it is back, calls about VMs are answered as by a host that has none. */
  believeDead(hostId: string): void
  /**
   * Calls a verb. While the host cannot be reached, waits for it for `patienceMs`: an agent that restarts is back in a
   * moment. Throws the host's VdsmError, or the fault HOST_FAILURE: then the verb may have been carried out.
   */
  call(hostId: string, method: string, params: object, options?: CallOptions): Promise<unknown>
  /** As `call`, again after a connection that was lost on the way: only for verbs that may be done twice. */
  callAgain(hostId: string, method: string, params: object, options?: CallOptions): Promise<unknown>
}

export interface HostConnectionOptions {
  /** Asked for each connection; undefined: plain TCP. */
  readonly tlsFor: (host: Host) => Promise<TlsIdentity | undefined>
  /** How long a call waits for a host that is away. */
  readonly patienceMs: number
  /** How long a host may be away before it is given up. */
  readonly graceMs: number
}

export interface CallOptions {
  readonly timeoutMs?: number
  readonly patienceMs?: number
}

export interface HostListener {
  /** A new connection stands. Calls of others wait until this has resolved. */
  connected(host: Host, client: VdsmClient): Promise<void>
  disconnected(host: Host, reason: string): Promise<void>
  /** It has been away for long: once, until it is back. */
  givenUp(host: Host): Promise<void>
  event(host: Host, method: string, params: unknown): void
}

const pauseMs = { first: 100, most: 500 }
const connectTimeoutMs = 5_000
const usualTimeoutMs = 180_000
/** Of one call, when each time the connection is lost: an agent that dies of it is not asked for ever. */
const mostAttempts = 5

export function createHostConnections(options: HostConnectionOptions, listener: HostListener): HostConnections {
  const { patienceMs: usualPatienceMs } = options
  const connections = new Map<string, Connection>()

  function connectionTo(hostId: string): Connection {
    const connection = connections.get(hostId)
    if (!connection) throw new Fault('NOT_FOUND', { what: 'Host', id: hostId })
    return connection
  }

  const send = (client: VdsmClient, method: string, params: object, { timeoutMs = usualTimeoutMs }: CallOptions) =>
    client.call(method, params, { timeoutMs, correlationId: correlationId() || undefined })

  return {
    // What the host tells later has nothing to do with the request that added it.
    add: (host) =>
      void connections.set(
        host.id,
        withCorrelationId('', () => keepConnected(host, options, listener)),
      ),
    async remove(hostId) {
      await connections.get(hostId)?.close()
      connections.delete(hostId)
    },
    believeDead: (hostId) => connectionTo(hostId).believeDead(),
    async call(hostId, method, params, options = {}) {
      const connection = connectionTo(hostId)
      try {
        return await send(await connection.client(options.patienceMs ?? usualPatienceMs), method, params, options)
      } catch (error) {
        throw asFault(connection.host, error)
      }
    },
    async callAgain(hostId, method, params, options = {}) {
      const connection = connectionTo(hostId)
      for (let attempt = 1; ; attempt++) {
        try {
          const client = await connection.client(options.patienceMs ?? usualPatienceMs)
          return await send(client, method, params, options).catch(lostOnTheWay)
        } catch (error) {
          if (!(error instanceof LostOnTheWay)) throw asFault(connection.host, error)
          if (attempt === mostAttempts) throw asFault(connection.host, error.cause)
          await delay(pauseMs.first)
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...connections.values()].map((connection) => connection.close()))
    },
  }
}

/** The connection went while a call waited for its answer; another one may be had. */
class LostOnTheWay extends Error {}

function lostOnTheWay(error: unknown): never {
  const isLost = error instanceof VdsmConnectionError && !(error instanceof VdsmTimeoutError)
  throw isLost ? new LostOnTheWay(error.message, { cause: error }) : error
}

function asFault(host: Host, error: unknown): unknown {
  if (!(error instanceof VdsmConnectionError)) return error
  return new Fault('HOST_FAILURE', { host: host.name, reason: error.message })
}

interface Connection {
  readonly host: Host
  /** The client, if it stands within this time. Throws the reason of the last failure, or NoSuchVM of a dead host. */
  client(patienceMs: number): Promise<VdsmClient>
  believeDead(): void
  close(): Promise<void>
}

function keepConnected(host: Host, { tlsFor, graceMs }: HostConnectionOptions, listener: HostListener): Connection {
  const where = { host: host.address, port: host.port }
  const closing = new AbortController()
  let waiting = Promise.withResolvers<VdsmClient>()
  let standing: VdsmClient | undefined
  let ready: VdsmClient | undefined
  let isDead = false
  let awaySince: number | undefined
  let isGivenUp = false
  let lastError = new VdsmConnectionError('unreachable', where, `${where.host}:${where.port} has not been reached yet`)

  /** Resolves when the connection is lost again. */
  async function connectOnce(): Promise<void> {
    const client = await connectVdsm({ ...where, tls: await tlsFor(host), connectTimeoutMs })
    standing = client
    // close() may have come before there was anything to close.
    if (closing.signal.aborted) return client.close()
    client.onEvent(({ method, params }) => listener.event(host, method, params))
    await listener.connected(host, client)
    isDead = false
    isGivenUp = false
    awaySince = undefined
    ready = client
    waiting.resolve(client)
    const reason = await client.closed
    ready = undefined
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
      // Where it cannot be recorded, as on a full disk, the host is connected again all the same.
      await listener.disconnected(host, lastError.message).catch(() => {})
      awaySince ??= performance.now()
      if (!isGivenUp && performance.now() - awaySince >= graceMs) isGivenUp = await told(listener.givenUp(host))
      pause = performance.now() - began > pauseMs.most ? pauseMs.first : Math.min(pause * 2, pauseMs.most)
      await delay(pause, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const kept = keep()
  return {
    host,
    believeDead() {
      isDead = true
    },
    async client(patienceMs) {
      if (isDead) throw vdsmError('NoSuchVM', {})
      if (ready) return ready
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

const told = (telling: Promise<void>) =>
  telling.then(
    () => true,
    () => false,
  )
