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
  /** Whose request it was, with the profile; '' for the engine's own work. */
  readonly userName: string
  readonly createdAt: string
}
