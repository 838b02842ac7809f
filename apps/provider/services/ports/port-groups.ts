// Which security groups a port is in: those it names, or the default one of its project.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Port, PortChange } from '@patchbay/networking-api/resources/ports.ts'
import type { Capabilities, Transaction } from '../../backends/backend.ts'
import { foundGroup } from '../../backends/facts/found.ts'
import type { SecurityGroupService } from '../security-groups/security-groups.ts'

/** `null` and `undefined`: not said. The real engine writes `null` where it means the default. */
type Wish = readonly string[] | null | undefined

export function createPortGroups(
  { securityGroups: isOffered }: Capabilities,
  { defaultOf }: Pick<SecurityGroupService, 'defaultOf'>,
) {
  function chosenGroups(
    transaction: Transaction,
    wish: Wish,
    { project_id, secured }: { readonly project_id: string; readonly secured: boolean },
  ): readonly string[] {
    if (wish) return named(transaction, wish, secured)
    return isOffered && secured ? [defaultOf(transaction, project_id).id] : []
  }

  function changedGroups(transaction: Transaction, before: Port, change: PortChange): readonly string[] {
    const secured = change.port_security_enabled ?? before.port_security_enabled
    if (change.security_groups !== undefined)
      return chosenGroups(transaction, change.security_groups, { ...before, secured })
    if (!secured && before.security_groups.length > 0) throw new NetworkingError('PortSecurityPortHasSecurityGroup')
    return before.security_groups
  }

  return { chosenGroups, changedGroups }
}

function named(transaction: Transaction, ids: readonly string[], secured: boolean): string[] {
  for (const id of ids) foundGroup(transaction, id)
  if (ids.length > 0 && !secured) throw new NetworkingError('PortSecurityAndIPRequiredForSecurityGroups')
  return [...new Set(ids)]
}
