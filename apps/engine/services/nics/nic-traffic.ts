// Rates of the last minutes, from what vNICs counted: of one, or of several together.
import { type TrafficSample, trafficMinutes } from '../../hosts/traffic-history.ts'

export interface TrafficPoint {
  /** ms since 1970. */
  readonly time: number
  /** Bytes per second; absent where nothing is known. */
  readonly rx?: number
  readonly tx?: number
}

export const stepSeconds = 15
/** Hosts are late at times: until then the last rate counts as what it is now. */
const patienceMs = 2 * stepSeconds * 1000

/** Every 15 s from ten minutes ago until now: the sum of the rates that each of the histories has then. */
export function trafficOf(histories: Iterable<readonly TrafficSample[]>, now: number): TrafficPoint[] {
  const steps = (trafficMinutes * 60) / stepSeconds
  const points = Array.from({ length: steps + 1 }, (_, step): { -readonly [Name in keyof TrafficPoint]: number } => ({
    time: now - (steps - step) * stepSeconds * 1000,
  }))
  for (const history of histories) {
    let at = 1
    for (const point of points) {
      while (at < history.length - 1 && history[at]!.time < point.time) at++
      const rate = rateWithin(history[at - 1], history[at], point.time)
      if (!rate) continue
      point.rx = (point.rx ?? 0) + rate.rx
      point.tx = (point.tx ?? 0) + rate.tx
    }
  }
  return points
}

/** undefined unless the time is between the two, or soon after, and both are of the same plug. */
function rateWithin(before: TrafficSample | undefined, after: TrafficSample | undefined, time: number) {
  if (!before || !after || time < before.time || time > after.time + patienceMs) return undefined
  const seconds = after.sampleTime - before.sampleTime
  const [rx, tx] = [after.rx - before.rx, after.tx - before.tx]
  if (before.hostId !== after.hostId || seconds <= 0 || rx < 0 || tx < 0) return undefined
  return { rx: rx / seconds, tx: tx / seconds }
}
