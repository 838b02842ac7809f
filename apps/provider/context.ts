// The provider's parts, built in the order in which they need each other.
import { randomUUID } from 'node:crypto'
import { createMetrics } from '@patchbay/service/http.ts'
import type { Backend } from './backends/backend.ts'
import { openEmbeddedBackend } from './backends/embedded/embedded-backend.ts'
import { openOvnBackend } from './backends/ovn/ovn-backend.ts'
import type { ProviderConfig } from './config.ts'
import { openUserSource } from './identity/user-source.ts'
import { guarded } from './services/access.ts'
import { createNetworkService } from './services/networks/networks.ts'
import { prepareSegments } from './services/networks/segments.ts'
import {
  floatingIpPolicy,
  networkPolicy,
  portPolicy,
  routerPolicy,
  securityGroupPolicy,
  securityGroupRulePolicy,
  subnetPolicy,
} from './services/policies.ts'
import { createPortBindings } from './services/ports/port-bindings.ts'
import { createPortService } from './services/ports/ports.ts'
import { createRequestedPortService } from './services/ports/requested-ports.ts'
import { createQuotaService } from './services/quotas.ts'
import { createFloatingIpService } from './services/routers/floating-ips.ts'
import { guardedInterfaces } from './services/routers/interface-access.ts'
import { createRouterService } from './services/routers/routers.ts'
import { createSecurityGroupRuleService } from './services/security-groups/security-group-rules.ts'
import { createSecurityGroupService } from './services/security-groups/security-groups.ts'
import { createSubnetService } from './services/subnets/subnets.ts'

export type Context = Awaited<ReturnType<typeof createContext>>

export async function createContext(config: ProviderConfig) {
  const backend: Backend = config.ovn ? openOvnBackend({ ...config, ...config.ovn }) : openEmbeddedBackend(config)
  await prepareSegments(backend)
  const parts = { backend, newId: randomUUID, now: createClock() }
  const groups = createSecurityGroupService(parts)
  const ports = createPortService(parts, groups)
  const routers = createRouterService(parts, ports)
  const guardedRouters = guarded(routers, routerPolicy, backend)
  return {
    config,
    backend,
    /** undefined: authentication is off. */
    users: await openUserSource(config.identity, config.dataDir),
    metrics: createMetrics(),
    networks: guarded(createNetworkService(parts), networkPolicy, backend),
    subnets: guarded(createSubnetService(parts), subnetPolicy, backend),
    ports: guarded(createRequestedPortService(parts, ports), portPolicy, backend),
    routers: guardedRouters,
    routerInterfaces: guardedInterfaces(routers, guardedRouters, backend),
    floatingIps: guarded(createFloatingIpService(parts, ports), floatingIpPolicy, backend),
    securityGroups: guarded(groups, securityGroupPolicy, backend),
    securityGroupRules: guarded(createSecurityGroupRuleService(parts), securityGroupRulePolicy, backend),
    /** Makes sure that a project has its default group. */
    async ensureDefaultGroup(project: string) {
      if (!groups.hasDefault(backend.state, project))
        await backend.write((transaction) => void groups.defaultOf(transaction, project))
    },
    quotas: createQuotaService(backend),
    setWired: ports.setWired,
    portBindings: createPortBindings(backend, ports),
  }
}

/** The time as the API writes it, a text for each second: with many changes, writing it anew would be felt. */
function createClock(): () => string {
  let [second, text] = [0, '']
  return () => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) [second, text] = [now, `${new Date(now * 1000).toISOString().slice(0, 19)}Z`]
    return text
  }
}
