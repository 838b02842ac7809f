// Runs workflows so that a crash at any point leaves nothing half-done: each step is recorded before the next begins.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../faults.ts'
import type { WorkflowRow } from '../store/entities.ts'
import type { Store } from '../store/store.ts'
import { type AnyWorkflow, anyWorkflow, type Workflow } from './workflow.ts'

export interface WorkflowRunner<Parts> {
  /**
   * Runs a workflow to its end and answers its last state. When a step fails: of a workflow that is undone, throws the
   * step's error after the undo (or its first attempt; it goes on behind); of one that is repeated, answers the state so
   * far. Throws RELATED_OPERATION when a lock is held.
   */
  start<State extends object>(workflow: Workflow<State, Parts>, state: State, request: WorkflowRequest): Promise<State>
  /** Takes up what a crash interrupted. The work itself goes on behind. */
  recover(): Promise<void>
  /** The kind of workflow that holds a lock. */
  holder(lock: string): string | undefined
  /** Resolves when nothing runs any more. What could not be finished stays recorded. */
  stop(): Promise<void>
}

export interface WorkflowRequest {
  /** In the words of a fault: `run VM`. */
  readonly action: string
  readonly correlationId: string
  /** Called once the locks are held, before anything is done: throws when the workflow must not run. */
  readonly check?: () => Promise<unknown>
}

interface Log {
  warn(fields: object, message: string): void
  info(fields: object, message: string): void
}

const retryMs = { first: 500, most: 15_000 }

export function createWorkflowRunner<Parts>(
  store: Store,
  workflows: readonly AnyWorkflow<Parts>[],
  parts: () => Parts,
  log: Log,
): WorkflowRunner<Parts> {
  const locks = new Map<string, WorkflowRow>()
  const running = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  const kinds = new Map(workflows.map((workflow) => [workflow.kind, workflow]))

  function acquire(workflow: AnyWorkflow<Parts>, row: WorkflowRow, action: string): void {
    const names = workflow.locks(row.state)
    const held = names.map((name) => locks.get(name)).find((holder) => holder !== undefined)
    if (held) throw new Fault('RELATED_OPERATION', { action, kind: held.kind })
    for (const name of names) locks.set(name, row)
  }

  function release({ id }: WorkflowRow): void {
    for (const [name, holder] of locks) if (holder.id === id) locks.delete(name)
  }

  async function finish(row: WorkflowRow): Promise<void> {
    await store.workflows.remove(row.id)
    release(row)
  }

  /** Does the steps from the recorded one on; answers the last state. */
  async function advance({ steps }: AnyWorkflow<Parts>, row: WorkflowRow): Promise<WorkflowRow['state']> {
    let { state } = row
    for (let step = row.step; step < steps.length; step++) {
      state = { ...state, ...(await steps[step]!.run(state, parts())) }
      if (step + 1 < steps.length) await store.workflows.update(row.id, { state, step: step + 1 })
    }
    await finish(row)
    return state
  }

  /** Undoes the steps from the recorded one back. */
  async function retreat({ steps }: AnyWorkflow<Parts>, row: WorkflowRow): Promise<void> {
    for (let step = row.step; step >= 0; step--) {
      await steps[step]!.undo?.(row.state, parts())
      if (step > 0) await store.workflows.update(row.id, { step: step - 1 })
    }
    await finish(row)
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
    if (workflow.onFailure === 'repeat')
      return behind(persist(row, (latest) => advance(workflow, latest).then(() => {})))
    const undoing: WorkflowRow = { ...row, direction: 'undo', error: error.message }
    await store.workflows.update(row.id, undoing)
    await undo(workflow, undoing)
  }

  /** Resolves after the first attempt; when that failed, the undo goes on behind. */
  async function undo(workflow: AnyWorkflow<Parts>, row: WorkflowRow): Promise<void> {
    try {
      await retreat(workflow, row)
    } catch (error) {
      log.warn({ workflow: row.kind, id: row.id, err: error }, 'an undo failed and is tried again')
      behind(persist(row, (latest) => retreat(workflow, latest)))
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

  return {
    async start(typed, state, { action, correlationId, check }) {
      const workflow = anyWorkflow(typed)
      const row = newRow(workflow.kind, state as WorkflowRow['state'], correlationId)
      acquire(workflow, row, action)
      try {
        await check?.()
        await store.workflows.insert(row)
      } catch (error) {
        release(row)
        throw error
      }
      const work = run(workflow, row)
      behind(work)
      return (await work) as typeof state
    },

    async recover() {
      for (const row of await store.workflows.find({})) {
        const workflow = kinds.get(row.kind)
        if (!workflow)
          throw new Error(
            `the database holds a workflow of the unknown kind ${row.kind}: was it made by a newer engine?`,
          )
        acquire(workflow, row, 'recover')
        log.info(
          { workflow: row.kind, id: row.id, step: row.step, direction: row.direction },
          'an interrupted workflow goes on',
        )
        behind(row.direction === 'undo' ? undo(workflow, row) : run(workflow, row))
      }
    },

    holder: (lock) => locks.get(lock)?.kind,

    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

const newRow = (kind: string, state: WorkflowRow['state'], correlationId: string): WorkflowRow => ({
  id: randomUUID(),
  kind,
  state,
  step: 0,
  direction: 'forward',
  error: '',
  correlationId,
  createdAt: new Date().toISOString(),
})
