// How far a request of this command is, on the terminal, while the engine works on it.
import { eventsIn } from './event-stream.ts'
import type { EngineSession, Item } from './session.ts'

/** Shows the engine's jobs of this session until `work` has ended. Without a terminal, or such a stream, only works. */
export async function withProgress<Result>(session: EngineSession, work: () => Promise<Result>): Promise<Result> {
  if (!process.stderr.isTTY) return work()
  const over = new AbortController()
  const shown = show(session, over.signal).catch(() => {})
  try {
    return await work()
  } finally {
    over.abort()
    await shown
    process.stderr.write(clearLine)
  }
}

async function show(session: EngineSession, signal: AbortSignal): Promise<void> {
  for await (const { name, data } of eventsIn(await session.stream('/events/stream', signal)))
    if (name === 'job' && data.correlation_id === session.correlationId) process.stderr.write(clearLine + textOf(data))
}

function textOf({ description, steps, progress }: Item): string {
  const step = steps?.step?.find(({ status }: Item) => status === 'started')?.description
  return [description, step, progress && `${progress} %`]
    .filter(Boolean)
    .join(' · ')
    .slice(0, process.stderr.columns || 80)
}

const clearLine = '\r\x1b[K'
