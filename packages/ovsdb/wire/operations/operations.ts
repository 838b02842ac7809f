// The operations of a transaction as values (RFC 7047 section 5.2): made anywhere, sent together.

import type { AnyRow } from '../values/rows.ts'
import type { Where } from './conditions.ts'
import type { Mutation } from './mutations.ts'

export interface Insert {
  readonly op: 'insert'
  readonly table: string
  readonly row: object
  /** By which other operations of the transaction refer to the new row, in place of its uuid. */
  readonly name?: string
  /** Of the new row (Open vSwitch ≥ 2.13). Makes it possible to find out whether a transaction took place. */
  readonly uuid?: string
}

export interface Select<Found = AnyRow> {
  readonly op: 'select'
  readonly table: string
  readonly where: Where
  readonly columns?: readonly string[]
  /** Never there: carries the type of the result. */
  readonly found?: Found
}

export interface Update {
  readonly op: 'update'
  readonly table: string
  readonly where: Where
  readonly row: object
}

export interface Mutate {
  readonly op: 'mutate'
  readonly table: string
  readonly where: Where
  readonly mutations: readonly Mutation[]
}

export interface Delete {
  readonly op: 'delete'
  readonly table: string
  readonly where: Where
}

/** Goes on when the columns of the matching rows are (or are not) `rows`; else fails after `timeoutMs`. */
export interface Wait {
  readonly op: 'wait'
  readonly table: string
  readonly where: Where
  readonly columns: readonly string[]
  readonly until: '==' | '!='
  readonly rows: readonly object[]
  /** 0: a guard, which looks once. Never without an end: the transaction's own bound would leave its outcome open. */
  readonly timeoutMs: number
}

/** Appears in the log of the database. */
export interface Comment {
  readonly op: 'comment'
  readonly comment: string
}

/** Fails unless this connection holds the lock. */
export interface Assert {
  readonly op: 'assert'
  readonly lock: string
}

export interface Commit {
  readonly op: 'commit'
  /** Answered only after the change is on disk. */
  readonly durable: boolean
}

export interface Abort {
  readonly op: 'abort'
}

export type Operation = Insert | Select<unknown> | Update | Mutate | Delete | Wait | Comment | Assert | Commit | Abort

/** What an operation results in. */
export type ResultOf<Op> = Op extends Insert
  ? { readonly uuid: string }
  : Op extends Select<infer Found>
    ? { readonly rows: readonly Found[] }
    : Op extends Update | Mutate | Delete
      ? { readonly count: number }
      : Readonly<Record<string, never>>

/** Of a transaction: one for each operation. */
export type ResultsOf<Ops extends readonly Operation[]> = { readonly [I in keyof Ops]: ResultOf<Ops[I]> }

/** Whether a transaction of these can change anything. */
export function isReadOnly(operations: readonly Operation[]): boolean {
  return !operations.some(({ op }) => op === 'insert' || op === 'update' || op === 'mutate' || op === 'delete')
}
