// The engine's live stream: what changed, what happened, what is worked on, as server-sent events to any number of readers.
// What is told is made once for all of them; whoever reads slowly gets the latest of each resource, and who does not read
// is cut off.
import { Readable } from 'node:stream'
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { toJson } from '@patchbay/ovirt-api/json.ts'
import { eventType } from '@patchbay/ovirt-api/types/events.ts'
import { jobType } from '@patchbay/ovirt-api/types/jobs.ts'
import { presentEvent } from '../events/present-event.ts'
import type { Job, JobLog } from '../jobs/job-log.ts'
import { presentJob } from '../jobs/present-job.ts'
import type { EventRow } from '../store/entities/events.ts'
import type { Store } from '../store/store.ts'
import { changedResources } from './changed-resources.ts'
import { type Message, put, type Waiting } from './messages.ts'
import type { Sight } from './sight.ts'

export interface LiveStream {
  /**
   * What happens from now on, and the events after `lastEvent` (their index) before. Ends when `isWelcome` says no any
   * more, and when the stream ends. Tells what `sees` lets through.
   */
  open(lastEvent: number | undefined, isWelcome: () => boolean, sees?: Sight): Promise<Readable>
  /** For all readers. */
  end(): void
}

export interface LiveStreamOptions {
  readonly beatMs?: number
  /** Different things that wait for one reader. */
  readonly mostWaiting?: number
}

/** Of those that a reader has missed, the newest. */
export const mostMissed = 1_000

interface Reader {
  readonly stream: Readable
  take(message: Message): void
  /** What was before all that waits; what is among it is sent once. */
  catchUp(missed: readonly Message[]): void | Promise<void>
  /** Called from time to time. */
  beat(): void
}

export function createLiveStream(
  store: Store,
  jobs: JobLog,
  { beatMs = 15_000, mostWaiting = 10_000 }: LiveStreamOptions = {},
): LiveStream & Disposable {
  const readers = new Set<Reader>()
  const tellAll = (messages: Iterable<Message>) => {
    for (const message of messages) for (const reader of readers) reader.take(message)
  }
  const deaf = () => readers.size === 0
  const stops = [
    store.changes.listen((changes) => {
      if (deaf()) return
      tellAll(changes.flatMap(changedResources).map((change) => ({ kind: 'change', change })))
      const events = changes.filter(({ table, kind }) => table === 'event' && kind === 'added')
      tellAll(events.map(({ row }) => eventMessage(row as unknown as EventRow)))
    }),
    jobs.listen((job) => {
      if (!deaf()) tellAll([jobMessage(job)])
    }),
  ]
  const timer = setInterval(() => {
    for (const reader of readers) reader.beat()
  }, beatMs).unref()

  async function missed(lastEvent: number): Promise<EventRow[]> {
    const where = { path: { hops: [], column: 'sequence' }, comparison: { operator: '>', value: lastEvent } } as const
    return (await store.events.select({ where, newestFirst: true, limit: mostMissed })).reverse()
  }

  const end = () => {
    for (const { stream } of readers) stream.push(null)
  }
  return {
    async open(lastEvent, isWelcome, sees) {
      const whole = createReader(mostWaiting, isWelcome)
      const reader = sees ? withSight(whole, sees, mostWaiting) : whole
      readers.add(reader)
      reader.stream.once('close', () => readers.delete(reader))
      if (lastEvent !== undefined) await reader.catchUp((await missed(lastEvent)).map(eventMessage))
      return reader.stream
    },
    end,
    [Symbol.dispose]() {
      clearInterval(timer)
      for (const stop of stops) stop()
      end()
    },
  }
}

function createReader(mostWaiting: number, isWelcome: () => boolean): Reader {
  // In the order in which they are sent.
  const waiting: Waiting = new Map()
  let isAsking = false
  let greeting = ': welcome\n\n'
  let hasMissedBeat = false

  function flush(): void {
    if (!isAsking || stream.destroyed) return
    if (!isWelcome()) return void stream.push(null)
    const texts = [greeting]
    for (const message of waiting.values()) texts.push(textOf(message))
    waiting.clear()
    greeting = ''
    const text = texts.join('')
    if (text === '') return
    isAsking = stream.push(text)
  }

  const stream = new Readable({
    read() {
      isAsking = true
      hasMissedBeat = false
      flush()
    },
  })
  return {
    stream,
    take(message) {
      put(waiting, message)
      if (waiting.size > mostWaiting) stream.destroy()
      else queueMicrotask(flush)
    },
    catchUp(missed) {
      const later = [...waiting.values()]
      waiting.clear()
      for (const message of [...missed, ...later]) put(waiting, message)
      flush()
    },
    beat() {
      // It has read nothing since the last one.
      if (hasMissedBeat && !isAsking) return void stream.destroy()
      hasMissedBeat = !isAsking
      if (greeting === '') greeting = ': beat\n\n'
      flush()
    },
  }
}

/** Told in order, each when it is known whether it may be. */
function withSight(reader: Reader, sees: Sight, mostWaiting: number): Reader {
  let waiting = 0
  let told = Promise.resolve()
  const tell = async (message: Message) => {
    if (await sees(message)) reader.take(message)
    waiting--
  }
  const seen = async (messages: readonly Message[]) => {
    const found: Message[] = []
    for (const message of messages) if (await sees(message)) found.push(message)
    return found
  }
  return {
    stream: reader.stream,
    take(message) {
      if (++waiting > mostWaiting) return void reader.stream.destroy()
      told = told.then(() => tell(message)).catch(() => void reader.stream.destroy())
    },
    catchUp: async (missed) => reader.catchUp(await seen(missed)),
    beat: () => reader.beat(),
  }
}

const eventMessage = (event: EventRow): Message => ({
  kind: 'event',
  index: event.sequence,
  userName: event.userName,
  text: frame('event', eventJson(event), event.sequence),
})

const jobMessage = (job: Job): Message => ({
  kind: 'job',
  id: job.id,
  owner: job.owner,
  text: frame('job', jobJson(job)),
})

const textOf = (message: Message) => (message.kind === 'change' ? frame('change', message.change) : message.text)

const frame = (name: string, data: object, id?: number) =>
  `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

const eventJson = (event: EventRow) =>
  toJson(eventType, { ...presentEvent(event), id: event.id }, { href: `${apiPath}/events/${event.id}` })

const jobJson = (job: Job) => {
  const href = `${apiPath}/jobs/${job.id}`
  return toJson(jobType, { ...presentJob(job), id: job.id }, { href, links: { steps: `${href}/steps` } })
}
