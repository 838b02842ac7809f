// Who listens to which destination, over all connections of a server.
import type { Headers } from './stomp-frame.ts'

export interface Subscription {
  readonly destination: string
  /** Its `id` header, unique within its connection only. */
  readonly id: string
  /** Sends a MESSAGE with this subscription's id. */
  readonly deliver: (headers: Headers, body: Buffer | string) => void
}

export class Subscriptions {
  readonly #byDestination = new Map<string, Set<Subscription>>()

  add(subscription: Subscription): void {
    const subscribed = this.#byDestination.get(subscription.destination) ?? new Set()
    this.#byDestination.set(subscription.destination, subscribed.add(subscription))
  }

  remove(subscription: Subscription): void {
    const subscribed = this.#byDestination.get(subscription.destination)
    subscribed?.delete(subscription)
    if (subscribed?.size === 0) this.#byDestination.delete(subscription.destination)
  }

  /** Sends a response or an event to all who listen to exactly this destination. */
  publish(destination: string, json: string): void {
    const body = Buffer.from(json)
    for (const subscription of [...(this.#byDestination.get(destination) ?? [])])
      subscription.deliver({ destination, 'content-type': 'application/json' }, body)
  }

  /** Those of this destination or of one above it: who gets what clients send to each other. */
  covering(destination: string): Subscription[] {
    const above = [...this.#byDestination].filter(([subscribed]) => isWithin(destination, subscribed))
    return above.flatMap(([, subscriptions]) => [...subscriptions])
  }
}

/** A dot in a destination's name begins a level: `queue.sub` is within `queue`. */
export function isWithin(destination: string, parent: string): boolean {
  return destination === parent || destination.startsWith(`${parent}.`)
}
