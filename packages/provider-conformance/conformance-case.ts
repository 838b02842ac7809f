// What a case is: a rule of the contract, where it comes from, how much hangs on it, and the check itself.
import type { ProviderUnderTest } from './provider-under-test.ts'

export const groupNames = [
  'engine',
  'feature',
  'networks',
  'subnets',
  'ports',
  'errors',
  'identity',
  'routers',
  'security-groups',
  'floating-ips',
  'port-bindings',
] as const

export type GroupName = (typeof groupNames)[number]

/**
 * required: without it a real oVirt engine fails, or tells its user something wrong;
 * recommended: Neutron does it, and other clients (the OpenStack command, drivers) rely on it;
 * optional: only the feature document asks for it, or it is a part of Neutron that a provider may leave out.
 */
export type Level = 'required' | 'recommended' | 'optional'

export interface ConformanceCase {
  /** `group/name`, stable: what reports are compared by. */
  readonly id: string
  readonly group: GroupName
  readonly level: Level
  /** One sentence: what a provider does. */
  readonly rule: string
  /** Where the rule comes from. */
  readonly source: string
  /** Whether the case sends reading requests only, and so may run with --read-only. */
  readonly readOnly: boolean
  /** Throws a CheckFailure when the provider breaks the rule, a CaseSkipped when it cannot be seen here. */
  run(provider: ProviderUnderTest): Promise<void>
}

export interface CaseGroup {
  readonly name: GroupName
  /** One line for people. */
  readonly about: string
  readonly cases: readonly ConformanceCase[]
  /** Why no case of the group applies to this provider; undefined when they do. Sends reading requests only. */
  absent(provider: ProviderUnderTest): Promise<string | undefined>
}

/** A case as a group's file writes it: without the group, and writing unless it says otherwise. */
export type CaseDraft = Omit<ConformanceCase, 'group' | 'readOnly'> & { readonly readOnly?: true }

export function caseGroup(
  name: GroupName,
  about: string,
  drafts: readonly CaseDraft[],
  absent: CaseGroup['absent'] = async () => undefined,
): CaseGroup {
  const cases = drafts.map((draft) => ({ readOnly: false, ...draft, id: `${name}/${draft.id}`, group: name }))
  return { name, about, cases, absent }
}
