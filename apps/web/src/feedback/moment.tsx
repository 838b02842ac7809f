// A day and a time, where the reader is. Where there is little room they stand one below the other, never broken.
import { text } from '../text/portal.ts'

/** `at`: as the engine says it, RFC 3339; without one a dash. */
export function Moment({ at }: { at: string | undefined }) {
  if (!at) return text.none
  const moment = new Date(at)
  return (
    <time dateTime={at} title={moment.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })}>
      <span className="unbroken">{moment.toLocaleDateString()}</span>{' '}
      <span className="unbroken">{moment.toLocaleTimeString()}</span>
    </time>
  )
}
