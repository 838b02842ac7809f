// What verbs fail with, in VDSM's codes; and their parameters, read with VDSM's complaints.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { VdsmError, vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import { HookError } from '../hooks/hook-error.ts'

export type Params = Readonly<Record<string, unknown>>

/** The verbs, answering a hook's veto with its own code, and what nobody expected as a general exception. */
export function inVdsmCodes(verbs: Readonly<Record<string, Method>>): Record<string, Method> {
  return Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, guarded(verb)]))
}

function guarded(verb: Method): Method {
  return async (params, call) => {
    try {
      return await verb(params, call)
    } catch (error) {
      if (error instanceof VdsmError) throw error
      // VDSM reports these points as any other failure of the verb.
      if (error instanceof HookError && ['before_get_vm_stats', 'before_network_setup'].includes(error.point))
        throw vdsmError('HookFailed', `${vdsmErrors.HookFailed.text}: ${error.message}`)
      if (error instanceof HookError) throw new VdsmError(vdsmErrors.HookError.code, error.message)
      throw vdsmError('GeneralException', [(error as Error).message])
    }
  }
}

/** Throws MissingParameter, or InvalidParameter for what is no text. */
export function text(params: Params, name: string): string {
  const value = given(params, name)
  if (typeof value !== 'string') throw vdsmError('InvalidParameter', `Invalid parameter: ${name} must be a string`)
  return value
}

/** Throws MissingParameter, or InvalidParameter for what is no object. */
export function record(params: Params, name: string): Params {
  const value = given(params, name)
  if (typeof value !== 'object' || Array.isArray(value))
    throw vdsmError('InvalidParameter', `Invalid parameter: ${name} must be an object`)
  return value as Params
}

/** Of a verb about a device. VDSM wants the VM's id in the inner parameters too. */
export function deviceParams(params: Params): { vmId: string; inner: Params } {
  const vmId = text(params, 'vmID')
  const inner = record(params, 'params')
  text(inner, 'vmId')
  return { vmId, inner }
}

/** Throws MissingParameter, or InvalidParameter for what is no count. Engines send some numbers as text. */
export function wholeNumber(params: Params, name: string): number {
  const value = given(params, name)
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw vdsmError('InvalidParameter', `Invalid parameter: ${name} must be a whole number`)
}

function given(params: Params, name: string): NonNullable<unknown> {
  const value = params[name]
  if (value === undefined || value === null || value === '')
    throw vdsmError('MissingParameter', `Missing required parameter: ${name}`)
  return value
}
