// A closed-loop load: so many requests in flight, as many as asked for in total; the rate and the spread of their times.

export interface Load {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export async function load(
  concurrency: number,
  count: number,
  request: (index: number) => Promise<unknown>,
): Promise<Load> {
  const times: number[] = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const started = performance.now()
      await request(next++)
      times.push(performance.now() - started)
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const percentile = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!
  return { perSecond: count / seconds, p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) }
}

/** Machines are noisy: the middle of several rounds says more than their mean. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
