// Honest about what is shown while the engine is away. A short break is not worth a notice.
import { Alert } from '@patternfly/react-core'
import { useEffect, useState } from 'react'
import { text } from '../text/portal.ts'
import type { Connection } from './use-live-updates.ts'

const patienceMs = 2_000

export function StaleNotice({ connection: { isUp, since } }: { connection: Connection }) {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    if (isUp) {
      setIsLate(false)
      return
    }
    const timer = setTimeout(() => setIsLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [isUp])
  if (isUp || !isLate) return null
  return (
    <Alert variant="warning" isInline title={text.stale} isLiveRegion>
      {text.staleWhy(new Date(since).toLocaleTimeString())}
    </Alert>
  )
}
