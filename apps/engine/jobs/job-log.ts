// What the engine works on, and what it has just done: a job for each workflow, as oVirt shows them. Kept in memory: what
// is under way when the engine ends is recorded as a workflow, and is a job again when it is taken up.
import { actingUser } from '../acting-user.ts'
import type { WorkflowRow } from '../store/entities/workflows.ts'
import { noteJob } from './request-job.ts'

export type JobStatus = 'started' | 'finished' | 'failed'

/** Times are ISO 8601; '' for what has not come yet. */
export interface JobStep {
  readonly id: string
  readonly number: number
  readonly description: string
  readonly status: JobStatus
  readonly startTime: string
  readonly endTime: string
  /** Percent, where what does it tells. */
  readonly progress?: number
}

export interface Job {
  readonly id: string
  readonly description: string
  readonly status: JobStatus
  readonly startTime: string
  readonly endTime: string
  readonly lastUpdated: string
  /** Whose request it was; '' for the engine's own work. */
  readonly owner: string
  readonly correlationId: string
  /** Why it failed, or is tried again. */
  readonly reason: string
  /** Those that were begun. */
  readonly steps: readonly JobStep[]
}

export interface JobLog {
  /** `row.step`: where it begins. */
  began(row: WorkflowRow, action: string, steps: readonly { readonly name: string }[]): void
  /** The steps before `step` are done. */
  reached(id: string, step: number): void
  /** The step that is under way has come so far. */
  progressed(id: string, percent: number): void
  /** The step that is under way has failed; what follows is its undo, or another try. */
  stuck(id: string, reason: string): void
  ended(id: string, status: 'finished' | 'failed'): void
  /** The newest first. */
  list(): Job[]
  get(id: string): Job | undefined
  /** Answers how to stop listening. */
  listen(listener: (job: Job) => void): () => void
}

export const mostEnded = 1_000
const keptMs = 3_600_000

export function createJobLog(clock: () => number = Date.now): JobLog {
  const jobs = new Map<string, Job>()
  const names = new Map<string, readonly string[]>()
  // The one that ended first comes first.
  const ended = new Map<string, number>()
  const listeners = new Set<(job: Job) => void>()

  function keep(job: Omit<Job, 'lastUpdated'>): void {
    const kept = { ...job, lastUpdated: now() }
    jobs.set(job.id, kept)
    for (const listener of listeners) listener(kept)
  }

  function forget(): void {
    for (const [id, at] of ended) {
      if (ended.size <= mostEnded && at > clock() - keptMs) return
      ended.delete(id)
      jobs.delete(id)
    }
  }

  const now = () => new Date(clock()).toISOString()
  const stepOf = (id: string, number: number): JobStep[] => {
    const description = names.get(id)?.[number]
    if (description === undefined) return []
    return [{ id: `${id}-${number}`, number, description, status: 'started', startTime: now(), endTime: '' }]
  }
  const settled = (steps: readonly JobStep[], status: JobStatus) =>
    steps.map((step) => (step.status === 'started' ? { ...step, status, endTime: now() } : step))

  const reopened = (step: JobStep): JobStep => ({ ...step, status: 'started', endTime: '' })

  return {
    began({ id, step, correlationId }, action, steps) {
      forget()
      noteJob(id)
      ended.delete(id)
      names.set(
        id,
        steps.map(({ name }) => name),
      )
      keep({
        id,
        description: action.charAt(0).toUpperCase() + action.slice(1),
        status: 'started',
        startTime: now(),
        endTime: '',
        owner: actingUser(),
        correlationId,
        reason: '',
        steps: stepOf(id, step),
      })
    },
    reached(id, step) {
      const job = jobs.get(id)
      if (!job) return
      // Also one that had failed before.
      const done = job.steps.map((each) => (each.number < step && each.status === 'failed' ? reopened(each) : each))
      keep({ ...job, reason: '', steps: [...settled(done, 'finished'), ...stepOf(id, step)] })
    },
    progressed(id, percent) {
      const job = jobs.get(id)
      const under = job?.steps.find(({ status }) => status === 'started')
      if (!job || !under || under.progress === percent) return
      keep({ ...job, steps: job.steps.map((step) => (step === under ? { ...step, progress: percent } : step)) })
    },
    stuck(id, reason) {
      const job = jobs.get(id)
      if (job) keep({ ...job, reason, steps: settled(job.steps, 'failed') })
    },
    ended(id, status) {
      const job = jobs.get(id)
      if (!job) return
      names.delete(id)
      ended.set(id, clock())
      keep({ ...job, status, endTime: now(), steps: settled(job.steps, status) })
    },
    list() {
      forget()
      return [...jobs.values()].reverse()
    },
    get: (id) => jobs.get(id),
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
