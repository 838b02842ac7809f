// For tests: the services on an embedded backend of which they believe that its data plane can do more, or less.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Attributes, parseCreation, parseUpdate } from '@patchbay/networking-api/resource.ts'
import type { Backend, Capabilities } from '../backends/backend.ts'
import { openEmbeddedBackend } from '../backends/embedded/embedded-backend.ts'
import { anybody } from '../identity/principal.ts'
import { type GuardedService, guarded } from '../services/access.ts'
import { createNetworkService } from '../services/networks/networks.ts'
import { prepareSegments } from '../services/networks/segments.ts'
import { networkPolicy, portPolicy, subnetPolicy } from '../services/policies.ts'
import { createPortService } from '../services/ports/ports.ts'
import { createSecurityGroupService } from '../services/security-groups/security-groups.ts'
import { createSubnetService } from '../services/subnets/subnets.ts'

export async function startServices(t: TestContext, capabilities: Partial<Capabilities>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-services-'))
  const embedded = openEmbeddedBackend({ dataDir, maxMtu: 1450 })
  t.after(async () => {
    await embedded[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true })
  })
  const backend: Backend = { ...embedded, capabilities: { ...embedded.capabilities, ...capabilities } }
  await prepareSegments(backend)
  const parts = { backend, newId: randomUUID, now: () => '2026-11-22T15:41:58Z' }
  return {
    capabilities: backend.capabilities,
    networks: byAnybody(guarded(createNetworkService(parts), networkPolicy, backend)),
    subnets: byAnybody(guarded(createSubnetService(parts), subnetPolicy, backend)),
    ports: byAnybody(guarded(createPortService(parts, createSecurityGroupService(parts)), portPolicy, backend)),
  }
}

/** The verbs as the routes call them: from what a request says. */
function byAnybody<A extends Attributes, Row>(service: GuardedService<A, Row>) {
  const { type } = service
  const wrapped = (attributes: object) => ({ [type.singular]: attributes })
  return {
    create: async (attributes: object) =>
      (await service.create(anybody, parseCreation(type, wrapped(attributes)).wanted))[0]!,
    update: async (id: string, attributes: object) =>
      service.update(anybody, id, parseUpdate(type, wrapped(attributes))),
    get: (id: string) => service.get(anybody, id),
    remove: (id: string) => service.remove(anybody, id),
  }
}
