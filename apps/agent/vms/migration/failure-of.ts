// What VM.getMigrationStatus tells of a move, or of a saving, that failed.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'

/** The destination's own code; for what failed here, VDSM's general one. */
export function failureOf(error: unknown): { code: number; message: string } {
  if (error instanceof VdsmError) return { code: error.code, message: error.message }
  const { code, text } = vdsmErrors.MigrationError
  return { code, message: `${text}: ${(error as Error).message}` }
}
