// Quotas: how many networks, subnets, ports, routers, floating IPs, security groups and rules of those a project may have.

import { type Change, parseUpdate, type ResourceType, writable } from '../resource.ts'
import { bool, integer } from './kinds.ts'

export const quotaResources = [
  'network',
  'subnet',
  'port',
  'router',
  'floatingip',
  'security_group',
  'security_group_rule',
] as const
export type QuotaResource = (typeof quotaResources)[number]
/** How many a project may have of each; -1: no limit. */
export type Quota = Readonly<Record<QuotaResource, number>>

export const unlimited: Quota = {
  network: -1,
  subnet: -1,
  port: -1,
  router: -1,
  floatingip: -1,
  security_group: -1,
  security_group_rule: -1,
}

const limit = writable(integer({ min: -1, max: 2_147_483_647 }))

const attributes = {
  network: limit,
  subnet: limit,
  port: limit,
  router: limit,
  floatingip: limit,
  security_group: limit,
  security_group_rule: limit,
  /** Refuse a limit below what the project has already. Neutron sets it all the same, unless asked to check. */
  check_limit: writable(bool),
  /** Neutron's opposite of `check_limit`. */
  force: writable(bool),
} as const

export const quotaType = { singular: 'quota', plural: 'quotas', attributes } as const satisfies ResourceType

/** Reads `{"quota": {"network": 5}}`. Throws the NetworkingError that Neutron would answer. */
export function parseQuota(body: unknown): { limits: Partial<Quota>; check: boolean } {
  const { check_limit: check = false, force: _, ...limits }: Change<typeof attributes> = parseUpdate(quotaType, body)
  return { limits, check }
}
