// Work that is under way, as rows.

export interface WorkflowRow {
  readonly id: string
  readonly kind: string
  readonly state: Readonly<Record<string, unknown>>
  /** The step that is being done or undone. */
  readonly step: number
  readonly direction: 'forward' | 'undo'
  /** Why it is undone, told to whoever asks. */
  readonly error: string
  readonly correlationId: string
  readonly createdAt: string
}
