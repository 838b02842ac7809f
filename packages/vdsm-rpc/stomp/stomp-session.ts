// One client of the server: answers its STOMP commands as VDSM does.
import type { Socket } from 'node:net'
import { requestQueues } from './destinations.ts'
import { acceptHeartBeat } from './heart-beat.ts'
import { type ConnectionLimits, StompConnection } from './stomp-connection.ts'
import { type Frame, type Headers, StompError } from './stomp-frame.ts'
import { isWithin, type Subscription, type Subscriptions } from './subscriptions.ts'

export interface SessionLimits extends ConnectionLimits {
  /** Shortest heart-beat interval in ms; VDSM raises what is shorter. */
  readonly heartBeatFloorMs: number
  readonly subscriptionsPerConnection: number
}

export interface SessionOptions {
  readonly limits: SessionLimits
  /** Of all sessions: clients see each other's destinations. */
  readonly subscriptions: Subscriptions
  readonly onRequest: (frame: Frame) => void
  readonly onConnected: () => void
}

export class StompSession {
  readonly #connection: StompConnection
  readonly #options: SessionOptions
  readonly #own = new Map<string, Subscription>()

  constructor(socket: Socket, options: SessionOptions) {
    this.#options = options
    this.#connection = new StompConnection(socket, options.limits, {
      onFrame: (frame) => this.#obey(frame),
      onStompError: (error) => {
        this.#complain(error.message)
        this.#connection.end()
      },
      onClosed: () => {
        for (const subscription of this.#own.values()) options.subscriptions.remove(subscription)
      },
    })
  }

  end(): void {
    this.#connection.end()
  }

  #obey(frame: Frame): void {
    const complaint = this.#carryOut(frame)
    if (complaint) this.#complain(complaint)
  }

  /**
   * Returns what the client did wrong, if it may go on all the same; throws a StompError if not. VDSM takes any command
   * before CONNECT, and vdsm-jsonrpc-java does send SUBSCRIBE first.
   */
  #carryOut(frame: Frame): string | undefined {
    switch (frame.command) {
      case 'CONNECT':
        return this.#connect(frame.headers)
      case 'SUBSCRIBE':
        return this.#subscribe(frame.headers)
      case 'UNSUBSCRIBE':
        return this.#unsubscribe(frame.headers)
      case 'SEND':
        return this.#send(frame)
      case 'DISCONNECT':
        return this.#disconnect(frame.headers)
      default:
        throw new StompError('malformed', `Unknown command ${frame.command}`)
    }
  }

  #connect(headers: Headers): undefined {
    // VDSM wants exactly "1.2"; STOMP 1.2 allows a list, and so do we.
    if (!headers['accept-version']?.split(',').includes('1.2')) throw new StompError('malformed', 'Version unsupported')
    const heartBeat = acceptHeartBeat(headers['heart-beat'], this.#options.limits.heartBeatFloorMs)
    this.#connection.send('CONNECTED', {
      version: '1.2',
      'heart-beat': `${heartBeat.sendEveryMs},${heartBeat.expectEveryMs}`,
    })
    this.#connection.keep(heartBeat)
    this.#options.onConnected()
  }

  #subscribe({ destination, id }: Headers): string | undefined {
    const { limits, subscriptions } = this.#options
    if (!destination || !id) return 'Missing destination or subscription id header'
    if (this.#own.has(id)) return 'Subscription id already exists'
    if (this.#own.size >= limits.subscriptionsPerConnection) return 'Too many subscriptions'
    const subscription: Subscription = {
      destination,
      id,
      deliver: (headers, body) => this.#connection.send('MESSAGE', { ...headers, subscription: id }, body),
    }
    this.#own.set(id, subscription)
    subscriptions.add(subscription)
  }

  #unsubscribe({ id }: Headers): string | undefined {
    if (!id) return 'Missing id header'
    const subscription = this.#own.get(id)
    if (!subscription) return
    this.#own.delete(id)
    this.#options.subscriptions.remove(subscription)
  }

  #send(frame: Frame): string | undefined {
    const { destination } = frame.headers
    if (!destination) return 'Missing destination header'
    if (requestQueues.some((queue) => isWithin(destination, queue))) {
      this.#options.onRequest(frame)
      return
    }
    const subscribers = this.#options.subscriptions.covering(destination)
    if (subscribers.length === 0) return 'Subscription not available'
    for (const subscriber of subscribers) subscriber.deliver(frame.headers, frame.body)
  }

  #disconnect({ receipt }: Headers): undefined {
    if (receipt) this.#connection.send('RECEIPT', { 'receipt-id': receipt })
    this.#connection.end()
  }

  /** In the body, as VDSM, and in the header that STOMP 1.2 has for it. */
  #complain(message: string): void {
    this.#connection.send('ERROR', { message }, message)
  }
}
