// The provider's parts, built in the order in which they need each other.
import { randomUUID } from 'node:crypto'
import { createMetrics } from '@patchbay/service/http.ts'
import type { Backend } from './backends/backend.ts'
import { openEmbeddedBackend } from './backends/embedded/embedded-backend.ts'
import { openOvnBackend } from './backends/ovn/ovn-backend.ts'
import type { ProviderConfig } from './config.ts'
import { openIdentity } from './identity/identity.ts'
import { createKeystoneVerifier } from './identity/keystone-verifier.ts'
import { guarded } from './services/access.ts'
import { createNetworkService } from './services/networks.ts'
import {
  networkPolicy,
  portPolicy,
  securityGroupPolicy,
  securityGroupRulePolicy,
  subnetPolicy,
} from './services/policies.ts'
import { createPortService } from './services/ports.ts'
import { createQuotaService } from './services/quotas.ts'
import { createSecurityGroupRuleService } from './services/security-group-rules.ts'
import { createSecurityGroupService } from './services/security-groups.ts'
import { prepareSegments } from './services/segments.ts'
import { createSubnetService } from './services/subnets.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: ProviderConfig) {
  const backend: Backend = config.ovn ? openOvnBackend({ ...config, ...config.ovn }) : openEmbeddedBackend(config)
  await prepareSegments(backend)
  const parts = { backend, newId: randomUUID, now: () => `${new Date().toISOString().slice(0, 19)}Z` }
  const groups = createSecurityGroupService(parts)
  const ports = createPortService(parts, groups)
  const { own, keystone } = sourceOf(config)
  return {
    config,
    backend,
    /** With users of its own; undefined: another source of users, or authentication is off. */
    identity: own && (await openIdentity({ dataDir: config.dataDir, ...own })),
    /** undefined: another source of users, or authentication is off. */
    keystone: keystone && createKeystoneVerifier(keystone),
    metrics: createMetrics(),
    networks: guarded(createNetworkService(parts), networkPolicy, backend),
    subnets: guarded(createSubnetService(parts), subnetPolicy, backend),
    ports: guarded(ports, portPolicy, backend),
    securityGroups: guarded(groups, securityGroupPolicy, backend),
    securityGroupRules: guarded(createSecurityGroupRuleService(parts), securityGroupRulePolicy, backend),
    /** Makes sure that a project has its default group. */
    async ensureDefaultGroup(project: string) {
      if (!groups.hasDefault(backend.state, project))
        await backend.write((transaction) => void groups.defaultOf(transaction, project))
    },
    quotas: createQuotaService(backend),
    setWired: ports.setWired,
  }
}

/** At most one of them. */
function sourceOf({ identity }: ProviderConfig) {
  return {
    own: identity && 'usersFile' in identity ? identity : undefined,
    keystone: identity && 'keystone' in identity ? identity.keystone : undefined,
  }
}
