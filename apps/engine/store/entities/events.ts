// The audit log, as rows.

export type Severity = 'normal' | 'warning' | 'error' | 'alert'

export interface EventRow {
  readonly id: string
  readonly code: number
  readonly severity: Severity
  readonly time: string
  readonly description: string
  readonly correlationId: string
}
