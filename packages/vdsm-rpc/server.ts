// A VDSM-compatible JSON-RPC server: JSON-RPC 2.0 over STOMP 1.2 over mutual TLS (or plain TCP).
import { CallDispatcher, type Method } from './calls/call-dispatcher.ts'
import { encodeEvent } from './calls/json-rpc.ts'
import { WorkQueue } from './calls/work-queue.ts'
import { createListener } from './listener.ts'
import type { Logger } from './logger.ts'
import { eventQueue } from './stomp/destinations.ts'
import { Reception } from './stomp/reception.ts'
import type { Frame } from './stomp/stomp-frame.ts'
import type { SessionLimits } from './stomp/stomp-session.ts'
import { Subscriptions } from './stomp/subscriptions.ts'
import type { TlsIdentity } from './tls-identity.ts'

export interface ServerLimits extends SessionLimits {
  /** Calls carried out at a time (VDSM: rpc/worker_threads). */
  readonly workers: number
  /** Calls that may wait for a worker; the next one fails with code 1100 (VDSM: 10 for each worker). */
  readonly queuedCalls: number
  readonly connections: number
  /** ms for the TLS handshake, and again from there to the CONNECT frame. */
  readonly connectTimeoutMs: number
}

export interface VdsmServerOptions {
  /** By `Class.verb`, e.g. `VM.hotplugNic`. */
  readonly methods: Readonly<Record<string, Method>>
  /** Parameter names in schema order, by method; only for clients that pass parameters as a list. */
  readonly positions?: Readonly<Record<string, readonly string[]>>
  readonly logger: Logger
  /** Demands a certificate of this CA from every client. Without it: plain TCP, and anyone is let in. */
  readonly tls?: TlsIdentity
  readonly limits?: Partial<ServerLimits>
}

export interface VdsmServer {
  /**
   * Resolves to the port that is listened on, which is `port` unless that was 0. Without a host: all addresses, of IPv6
   * and IPv4. Rejects if the address cannot be had.
   */
  listen(address: { host?: string; port: number }): Promise<number>
  /** Sends an event, e.g. `|virt|VM_status|<vmId>`, to all who listen to jms.queue.events. `params` hold `notify_time`. */
  emit(method: string, params: object): void
  /** Another certificate or list of revoked ones, for connections from now on; those that stand go on. */
  setIdentity(tls: TlsIdentity): void
  /** Lets running calls finish and answer, for `closeTimeoutMs` at most, then closes all connections likewise. */
  close(): Promise<void>
}

const defaultLimits: ServerLimits = {
  workers: 8,
  queuedCalls: 80,
  connections: 100,
  subscriptionsPerConnection: 64,
  headerBytes: 16 * 1024,
  bodyBytes: 8 * 1024 * 1024,
  outgoingBytes: 32 * 1024 * 1024,
  connectTimeoutMs: 10_000,
  heartBeatFloorMs: 1000,
  closeTimeoutMs: 5000,
}

/** Throws if the PEM texts cannot be used. */
export function createVdsmServer(options: VdsmServerOptions): VdsmServer {
  const { logger, tls } = options
  const limits = { ...defaultLimits, ...options.limits }
  const queue = new WorkQueue({ workers: limits.workers, capacity: limits.queuedCalls })
  const dispatcher = new CallDispatcher({ ...options, queue })
  const subscriptions = new Subscriptions()
  const answers = new Set<Promise<void>>()
  const onRequest = (request: Frame, peer: string) => {
    const answered = answer(request, peer, dispatcher, subscriptions).finally(() => answers.delete(answered))
    answers.add(answered)
  }
  const reception = new Reception({ limits, logger, subscriptions, onRequest })
  const listener = createListener(tls, limits, logger, (socket) => reception.accept(socket))

  return {
    listen: (address) => listener.listen(address),
    emit: (method, params) => subscriptions.publish(eventQueue, encodeEvent(method, params)),
    setIdentity: (identity) => listener.setIdentity(identity),
    async close() {
      const closed = listener.close()
      queue.close()
      await atMost(limits.closeTimeoutMs, Promise.all(answers))
      reception.close()
      await closed
    },
  }
}

/** As with VDSM the response goes to all who listen at reply-to, and to nobody if the request does not name it. */
async function answer(
  { headers, body }: Frame,
  peer: string,
  dispatcher: CallDispatcher,
  subscriptions: Subscriptions,
): Promise<void> {
  const { ovirtCorrelationId: correlationId, 'reply-to': replyTo } = headers
  const response = await dispatcher.dispatch(body, { peer, ...(correlationId && { correlationId }) })
  if (replyTo && response) subscriptions.publish(replyTo, response)
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, bound])
  clearTimeout(timer)
}
