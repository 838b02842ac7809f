// What is the same for every cluster of this engine, in the words of oVirt: its clients compare it with what they want.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import { type clusterType, schedulingPolicyType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { FastifyInstance } from 'fastify'
import { one } from '../http/one.ts'
import { registerResource } from '../http/resource-routes.ts'

/** As the scheduler chooses: the host with the fewest VMs. The id is the real engine's. */
const evenly = {
  id: '20d25257-b4bd-4589-92a6-c4c5c5d3fd1a',
  name: 'evenly_distributed',
  description: 'VMs go to the host that has the fewest',
  default_policy: true,
  locked: true,
}

export const clusterSettings = {
  version: { major: 4, minor: 7 },
  scheduling_policy: { id: evenly.id },
  memory_policy: { over_commit: { percent: 100 } },
  migration: {
    auto_converge: 'inherit',
    bandwidth: { assignment_method: 'auto' },
    compressed: 'inherit',
    encrypted: 'inherit',
  },
  error_handling: { on_error: 'do_not_migrate' },
  fencing_policy: {
    enabled: false,
    skip_if_connectivity_broken: { enabled: false, threshold: 50 },
    skip_if_gluster_bricks_up: false,
    skip_if_gluster_quorum_not_met: false,
    skip_if_sd_active: { enabled: false },
  },
  ksm: { enabled: false, merge_across_nodes: false },
  required_rng_sources: [],
} satisfies ResourceOf<typeof clusterType>

export function registerSchedulingPolicies(app: FastifyInstance): void {
  registerResource(app, {
    type: schedulingPolicyType,
    path: '/schedulingpolicies',
    present: (value: typeof evenly) => ({ value }),
    list: async () => [evenly],
    get: async ({ id }) => one([evenly], 'Scheduling policy', id!),
  })
}
