// Whether somebody may do something with a virtual machine, and whether it can be done now.

import type { Thing } from '../rights/rights.ts'
import { useRights } from '../rights/use-rights.ts'
import { permitFor, vmCan } from './vm-rules.ts'

type Action = keyof typeof vmCan

/** Answers why not; undefined: it can be done. */
export function useVmRules(): (
  action: Action,
  vm: Thing & { readonly status?: string | undefined },
) => string | undefined {
  const { whyNot } = useRights()
  return (action, vm) => whyNot(permitFor[action], vm) ?? vmCan[action](vm.status)
}
