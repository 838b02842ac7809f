// /reconciliations (ours): what the last ones found; POST makes one.
import { reconciliationType } from '@patchbay/ovirt-api/types/reconciliation.ts'
import type { FastifyInstance } from 'fastify'
import { Fault } from '../../faults.ts'
import type { Finding } from '../../reconciliation/findings.ts'
import type { Reconciler, Reconciliation } from '../../reconciliation/reconciler.ts'
import { registerResource } from '../http/resource-routes.ts'

export function registerReconciliations(app: FastifyInstance, reconciler: Reconciler): void {
  registerResource(app, {
    type: reconciliationType,
    path: '/reconciliations',
    present: (reconciliation: Reconciliation) => ({ value: presentReconciliation(reconciliation) }),
    list: async () => [...reconciler.list()],
    async get({ id }) {
      const found = reconciler.list().find((each) => each.id === id)
      if (!found) throw new Fault('NOT_FOUND', { what: 'Reconciliation', id: id! })
      return found
    },
    add: () => reconciler.run(),
  })
}

const presentReconciliation = ({ startedAt, endedAt, findings, ...counts }: Reconciliation) => ({
  started: new Date(startedAt).toISOString(),
  ended: new Date(endedAt).toISOString(),
  providers: counts.providers,
  hosts: counts.hosts,
  ports: counts.ports,
  foreign_ports: counts.foreignPorts,
  findings: findings.map(presentFinding),
})

const presentFinding = ({ kind, repaired, description, providerId, hostId, vmId, nicId, portId }: Finding) => ({
  kind,
  repaired,
  description,
  openstack_network_provider: referenceTo(providerId),
  host: referenceTo(hostId),
  vm: referenceTo(vmId),
  nic: referenceTo(nicId),
  port: referenceTo(portId),
})

const referenceTo = (id: string | undefined) => (id === undefined ? undefined : { id })
