// What a workflow is: named steps, each of which can be done again and (mostly) undone.
import type { Tables } from '../../store/store.ts'

/** JSON: it is written down after every step. */
export type WorkflowState = Readonly<Record<string, unknown>>

export interface Step<State, Parts> {
  readonly name: string
  /**
   * Does the step and answers what the later ones need. After a crash it is done again, so it must find out by itself
   * what of it is done already.
   */
  run?(state: State, parts: Parts): Promise<Partial<State> | undefined>
  /** What the engine knows then, written in one transaction with the note that the step is done: never twice. */
  record?(state: State, tables: Tables): Promise<void>
  /** Makes it as if the step had never been, also when it was cut short. Done again until it succeeds. `reason`: what failed. */
  undo?(state: State, parts: Parts, reason: string): Promise<void>
}

export interface Workflow<State, Parts> {
  /** Also the name under which it is recorded: never reused for something else. */
  readonly kind: string
  /** What nobody else may change meanwhile: `vm:<id>`, `network:<id>` … */
  locks(state: State): readonly string[]
  /** Waits for whoever is at work on the same provider, instead of being refused. */
  readonly isPatient?: boolean
  readonly steps: readonly Step<State, Parts>[]
  /**
   * What a failing step means. `undo`: the steps so far are undone and the caller gets the error. `repeat`: there is no
   * way back, so the step is tried until it succeeds; the caller does not wait for that, `complain` tells about it once.
   */
  readonly onFailure: 'undo' | 'repeat'
  complain?(state: State, parts: Parts, error: Error): Promise<void>
}

/** A workflow whose state is only known to itself. */
export type AnyWorkflow<Parts> = Workflow<WorkflowState, Parts>

/** For lists of workflows with different states. */
export const anyWorkflow = <State, Parts>(workflow: Workflow<State, Parts>) => workflow as unknown as AnyWorkflow<Parts>
