// Runs workflows so that a crash at any point leaves nothing half-done: each step is recorded before the next begins.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { accepted } from '../../acceptance.ts'
import { actingUser, asUser } from '../../acting-user.ts'
import { correlationId, withCorrelationId } from '../../correlation.ts'
import type { JobLog } from '../../jobs/job-log.ts'
import { withProgress } from '../../jobs/step-progress.ts'
import type { WorkflowRow } from '../../store/entities/workflows.ts'
import type { Store, Tables } from '../../store/store.ts'
import type { Locks } from './locks.ts'
import { type AnyWorkflow, anyWorkflow, type Step, type Workflow } from './workflow.ts'

export interface WorkflowRunner<Parts> {
  /**
   * Runs a workflow to its end and answers its last state. When a step fails: of a workflow that is undone, throws the
   * step's error after the undo (or its first attempt; it goes on behind); of one that is repeated, answers the state so
   * far. Throws RELATED_OPERATION when a lock is held.
   */
  start<State extends object>(
    workflow: Workflow<State, Parts>,
    state: State,
    request: WorkflowRequest<State>,
  ): Promise<State>
  /** Holds the locks of what a crash interrupted. What it answers takes it up; the work itself goes on behind. */
  recover(): Promise<() => void>
  /** Resolves when nothing runs any more. What could not be finished stays recorded. */
  stop(): Promise<void>
}

export interface WorkflowRequest<State> {
  /** In the words of a fault: `run VM`. */
  readonly action: string
  /** Its name, for who looks at the job. */
  readonly of?: string
  /**
   * Called once the locks are held, before anything is done: throws when the workflow must not run, and answers what of
   * the state is only known for sure now.
   */
  readonly check?: () => Promise<Partial<State> | undefined>
  /** Written together with the last step; not by whoever takes it up after a crash. */
  readonly record?: (state: State, tables: Tables) => Promise<void>
}

interface Log {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

const retryMs = { first: 500, most: 15_000 }

export function createWorkflowRunner<Parts>(
  store: Store,
  locks: Locks,
  workflows: readonly AnyWorkflow<Parts>[],
  parts: () => Parts,
  log: Log,
  jobs: JobLog,
): WorkflowRunner<Parts> {
  const running = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  const kinds = new Map(workflows.map((workflow) => [workflow.kind, workflow]))

  /** Writes a new workflow down, as begun; or past its first step, where that only records. */
  async function begin({ steps }: AnyWorkflow<Parts>, row: WorkflowRow): Promise<WorkflowRow> {
    const [first] = steps
    const begun = first?.run ? row : { ...row, step: 1 }
    await store.transaction(async (tables) => {
      if (begun.step === 1) await first?.record?.(row.state, tables)
      await tables.workflows.insert(begun)
    })
    return begun
  }

  /** Does the steps from the recorded one on; answers the last state. */
  async function advance({ steps }: AnyWorkflow<Parts>, row: WorkflowRow): Promise<WorkflowRow['state']> {
    let { state } = row
    for (const [step, { run, record }] of [...steps.entries()].slice(row.step)) {
      const told = (percent: number) => jobs.progressed(row.id, percent)
      state = { ...state, ...(await withProgress(told, async () => run?.(state, parts()))) }
      await store.transaction(async (tables) => {
        await record?.(state, tables)
        if (step + 1 < steps.length) await tables.workflows.update(row.id, { state, step: step + 1 })
        else await tables.workflows.remove(row.id)
      })
      jobs.reached(row.id, step + 1)
    }
    locks.release(row)
    jobs.ended(row.id, 'finished')
    return state
  }

  /** Undoes the steps from the recorded one back. */
  async function retreat({ steps }: AnyWorkflow<Parts>, row: WorkflowRow, reason: string): Promise<void> {
    for (let step = row.step; step >= 0; step--) {
      await steps[step]!.undo?.(row.state, parts(), reason)
      if (step > 0) await store.workflows.update(row.id, { step: step - 1 })
    }
    await store.workflows.remove(row.id)
    locks.release(row)
    jobs.ended(row.id, 'failed')
  }

  async function run(workflow: AnyWorkflow<Parts>, row: WorkflowRow): Promise<WorkflowRow['state']> {
    try {
      return await advance(workflow, row)
    } catch (error) {
      const latest = (await store.workflows.get(row.id))!
      await failed(workflow, latest, error as Error)
      if (workflow.onFailure === 'undo') throw error
      return latest.state
    }
  }

  async function failed(workflow: AnyWorkflow<Parts>, row: WorkflowRow, error: Error): Promise<void> {
    const step = workflow.steps[row.step]!.name
    log.warn({ workflow: row.kind, step, id: row.id, correlationId: row.correlationId, err: error }, 'a step failed')
    jobs.stuck(row.id, error.message)
    if (workflow.onFailure === 'undo') return undo(workflow, row, error.message)
    behind(persist(row, (latest) => advance(workflow, latest).then(() => {})))
    await store.workflows.update(row.id, { error: error.message })
    // Once: also after a restart, the row says whether it has failed before.
    if (row.error === '') await workflow.complain?.(row.state, parts(), error)
  }

  /** Resolves after the first attempt; when that failed, the undo goes on behind. */
  async function undo(workflow: AnyWorkflow<Parts>, row: WorkflowRow, reason: string): Promise<void> {
    const back = async (latest: WorkflowRow) => {
      // Also what cannot be written down, as on a full disk, is tried again.
      if (latest.direction === 'forward') await store.workflows.update(row.id, { direction: 'undo', error: reason })
      await retreat(workflow, latest, reason)
    }
    try {
      await back(row)
    } catch (error) {
      log.warn({ workflow: row.kind, id: row.id, err: error }, 'an undo failed and is tried again')
      locks.releaseProviders(row)
      behind(persist(row, back))
    }
  }

  /** Tries until it succeeds or the engine stops, with longer and longer pauses. */
  async function persist(row: WorkflowRow, attempt: (latest: WorkflowRow) => Promise<void>): Promise<void> {
    for (let pauseMs = retryMs.first; ; pauseMs = Math.min(pauseMs * 2, retryMs.most)) {
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      try {
        return await attempt((await store.workflows.get(row.id))!)
      } catch (error) {
        log.warn({ workflow: row.kind, id: row.id, err: error }, 'a workflow failed again')
      }
    }
  }

  function behind(work: Promise<unknown>): void {
    const settled = work.catch(() => {}).finally(() => running.delete(settled))
    running.add(settled)
  }

  function takeUp(workflow: AnyWorkflow<Parts>, row: WorkflowRow): void {
    log.info(
      { workflow: row.kind, id: row.id, step: row.step, direction: row.direction },
      'an interrupted workflow goes on',
    )
    jobs.began(row, workflow.kind.replaceAll('-', ' '), workflow.steps)
    withCorrelationId(row.correlationId, () =>
      behind(row.direction === 'undo' ? undo(workflow, row, row.error) : run(workflow, row)),
    )
  }

  return {
    async start(typed, given, { action, of, check, record }) {
      const workflow = anyWorkflow(record ? recordedAtEnd(typed, record) : typed)
      const claim = newRow(workflow.kind, given as WorkflowRow['state'])
      const holder = workflow.isPatient ? { ...claim, isPatient: true } : claim
      await locks.acquire(workflow.locks(claim.state), holder, action)
      let row = claim
      try {
        row = await begin(workflow, { ...claim, state: { ...claim.state, ...(await check?.()) } })
      } catch (error) {
        locks.release(claim)
        throw error
      }
      jobs.began(row, of === undefined ? action : `${action} ${of}`, workflow.steps)
      const work = run(workflow, row)
      behind(work)
      accepted()
      return (await work) as typeof given
    },

    async recover() {
      const interrupted = (await store.workflows.find({})).map((row) => {
        const workflow = kinds.get(row.kind)
        if (!workflow)
          throw new Error(
            `the database holds a workflow of the unknown kind ${row.kind}: was it made by a newer engine?`,
          )
        return { workflow, row }
      })
      // All before any: one that goes on may start another, which must not take what a recorded one had.
      for (const { workflow, row } of interrupted) await locks.acquire(workflow.locks(row.state), row, 'recover')
      return () => {
        for (const { workflow, row } of interrupted) asUser(row.userName, () => takeUp(workflow, row))
      }
    },

    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

/** The workflow, with more to be written when it is done. */
function recordedAtEnd<State, Parts>(
  workflow: Workflow<State, Parts>,
  record: (state: State, tables: Tables) => Promise<void>,
): Workflow<State, Parts> {
  const last = workflow.steps.at(-1)!
  const both: Step<State, Parts> = {
    ...last,
    async record(state, tables) {
      await last.record?.(state, tables)
      await record(state, tables)
    },
  }
  return { ...workflow, steps: [...workflow.steps.slice(0, -1), both] }
}

const newRow = (kind: string, state: WorkflowRow['state']): WorkflowRow => ({
  id: randomUUID(),
  kind,
  state,
  step: 0,
  direction: 'forward',
  error: '',
  correlationId: correlationId(),
  userName: actingUser(),
  createdAt: new Date().toISOString(),
})
