// Rates over time as numbers of a picture: where lines go, which values stand at the axes.
import type { trafficType } from '@patchbay/ovirt-api/types/traffic.ts'
import type { Shown } from '../engine/resource.ts'
import { text } from '../text/charts.ts'

export interface Rate {
  /** ms since 1970. */
  readonly time: number
  /** Bits per second; undefined where nothing is known. */
  readonly received: number | undefined
  readonly sent: number | undefined
}

export type Series = 'received' | 'sent'

export function ratesOf({ points = [] }: Shown<typeof trafficType>): Rate[] {
  const bits = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes * 8)
  return points.map(({ time = '', rx, tx }) => ({ time: Date.parse(time), received: bits(rx), sent: bits(tx) }))
}

export const isKnown = ({ received, sent }: Rate) => received !== undefined || sent !== undefined

/** `1.2 Mbit/s`. */
export function shownRate(bits: number | undefined): string {
  if (bits === undefined) return '–'
  const power = Math.min(text.units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bits, 1)) / 3)))
  const value = bits / 1000 ** power
  return `${value.toLocaleString('en', { maximumSignificantDigits: 3 })} ${text.units[power]}`
}

/** The least of 1, 2, 5, 10, 20 … that nothing exceeds. */
export function topOf(rates: readonly Rate[]): number {
  const most = Math.max(1, ...rates.flatMap(({ received = 0, sent = 0 }) => [received, sent]))
  const magnitude = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((each) => each * magnitude).find((each) => each >= most)!
}

export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** An SVG path with a gap where nothing is known; a value with nothing beside it is a short line. */
export function lineOf(rates: readonly Rate[], series: Series, top: number, frame: Frame): string {
  const [first, last] = [rates[0]?.time ?? 0, rates.at(-1)?.time ?? 1]
  const x = (time: number) => frame.left + (frame.width * (time - first)) / Math.max(1, last - first)
  const y = (bits: number) => frame.top + frame.height * (1 - bits / top)
  const parts = rates.map(({ time, [series]: bits }, at) => {
    if (bits === undefined) return ''
    const place = `${rounded(x(time))} ${rounded(y(bits))}`
    if (at > 0 && rates[at - 1]![series] !== undefined) return `L${place}`
    return rates[at + 1]?.[series] === undefined ? `M${place}h2` : `M${place}`
  })
  return parts.join('')
}

const rounded = (value: number) => Math.round(value * 10) / 10
