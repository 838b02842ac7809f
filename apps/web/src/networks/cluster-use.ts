// What a network is for in a cluster. Each role but "required" is for one network of the cluster: who gets it takes it from another.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { text } from '../text/cluster-use.ts'

type Network = ResourceOf<typeof networkType>

export const roles = ['management', 'display', 'migration', 'gluster', 'default_route'] as const
export type Role = (typeof roles)[number]

export type ClusterUse = { readonly required: boolean } & Readonly<Record<Role, boolean>>

/** As the cluster tells it. */
export function clusterUseOf({ required = false, usages = [] }: Network): ClusterUse {
  const has = (role: Role) => usages.includes(role)
  return {
    required,
    management: has('management'),
    display: has('display'),
    migration: has('migration'),
    gluster: has('gluster'),
    default_route: has('default_route'),
  }
}

/** The management network is one that all hosts have. */
export const changedUse = (use: ClusterUse, change: Partial<ClusterUse>): ClusterUse => ({
  ...use,
  ...change,
  ...(change.management && { required: true }),
})

/** Why it cannot be changed; undefined: it can be. `before`: what the cluster has now. */
export function whyNotUse(
  what: keyof ClusterUse,
  { external_provider }: Network,
  before: ClusterUse,
  now: ClusterUse,
): string | undefined {
  if (external_provider) return text.external
  if (what === 'management' && before.management) return text.managementStays
  if (what === 'required' && now.management) return text.managementRequired
  return undefined
}

export const clusterUseRequest = ({ required, ...has }: ClusterUse, { usages = [] }: Network): Network => ({
  required,
  usages: [...(usages.includes('vm') ? (['vm'] as const) : []), ...roles.filter((role) => has[role])],
})
