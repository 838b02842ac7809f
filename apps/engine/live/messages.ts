// What waits for a reader of the live stream: of each resource and each job only the latest, of events all, each once.
import type { ChangeKind } from '../store/changes.ts'
import type { ResourceChange } from './changed-resources.ts'

export type Message =
  | { readonly kind: 'change'; readonly change: ResourceChange }
  | { readonly kind: 'event'; readonly index: number; readonly userName: string; readonly text: string }
  | { readonly kind: 'job'; readonly id: string; readonly owner: string; readonly text: string }

/** By what makes one take the place of another. */
export type Waiting = Map<string, Message>

/** In its place, or together with what waits there. */
export function put(waiting: Waiting, message: Message): void {
  const key = keyOf(message)
  const before = waiting.get(key)
  if (message.kind !== 'change' || before?.kind !== 'change') return void waiting.set(key, message)
  const change = both(before.change.change, message.change.change)
  if (change === undefined) waiting.delete(key)
  else waiting.set(key, { kind: 'change', change: { ...message.change, change } })
}

function keyOf(message: Message): string {
  if (message.kind === 'event') return `event ${message.index}`
  if (message.kind === 'job') return `job ${message.id}`
  return `${message.change.resource} ${message.change.id}`
}

/** undefined: it came and went. */
function both(first: ChangeKind, then: ChangeKind): ChangeKind | undefined {
  if (first === 'added') return then === 'removed' ? undefined : 'added'
  return first === 'removed' && then === 'added' ? 'updated' : then
}
