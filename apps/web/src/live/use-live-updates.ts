// The engine's stream of changes: what it says has changed is asked anew, if a page shows it. At most a few times a second,
// however much changes. Only while the page is seen: a browser opens six connections to a server for all of its windows, and
// each stream keeps one.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isAbout } from '../engine/queries.ts'
import { apiRoot, portalHeaders, renewSession } from '../engine/request.ts'
import { createStreamParser, type StreamEvent } from './event-stream.ts'
import { followStream } from './follow-stream.ts'

export interface Connection {
  readonly isUp: boolean
  /** Of the last word from the engine, in ms since 1970. */
  readonly since: number
}

const gatherMs = 300

export function useLiveUpdates(): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>({ isUp: true, since: Date.now() })
  useEffect(() => {
    let stop = new AbortController()
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      timer = undefined
      const kinds = new Set(changed)
      changed.clear()
      void client.invalidateQueries({ predicate: (query) => isAbout(query, kinds) })
    }
    const heard = (event: StreamEvent) => {
      changed.add(kindOf(event))
      timer ??= setTimeout(refresh, gatherMs)
    }
    const follow = () => {
      stop = new AbortController()
      void followStream({
        open: openStream,
        createParser: createStreamParser,
        heard,
        // What happened while it was away is not known: everything shown is asked anew.
        opened: () => {
          setConnection({ isUp: true, since: Date.now() })
          void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
        },
        lost: () => setConnection((before) => (before.isUp ? { isUp: false, since: Date.now() } : before)),
        signal: stop.signal,
      })
    }
    const seenOrHidden = () => {
      if (document.visibilityState === 'hidden') stop.abort()
      else if (stop.signal.aborted) follow()
    }
    follow()
    seenOrHidden()
    document.addEventListener('visibilitychange', seenOrHidden)
    return () => {
      document.removeEventListener('visibilitychange', seenOrHidden)
      stop.abort()
      clearTimeout(timer)
    }
  }, [client])
  return connection
}

async function openStream(lastId: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(`${apiRoot}/events/stream`, { headers: streamHeaders(lastId), signal })
  if (answer.status === 401) await renewSession()
  return answer
}

const streamHeaders = (lastId: string) => ({
  ...portalHeaders,
  accept: 'text/event-stream',
  ...(lastId !== '' && { 'last-event-id': lastId }),
})

/** The kind of resource that is old now. */
function kindOf({ type, data }: StreamEvent): string {
  if (type !== 'change') return type
  return String((JSON.parse(data) as { resource?: unknown }).resource)
}
