// Waits for a condition that nobody announces, for a bounded time.
import { setTimeout } from 'node:timers/promises'

const INTERVAL_MS = 5

/** True as soon as the condition holds, false when it did not within the time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  intervalMs = INTERVAL_MS,
): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() >= end) return false
    await setTimeout(intervalMs)
  }
  return true
}
