// Ports as requests may use them: those of routers and floating IPs are left to these, and floating IPs follow ports.

import { foundPort } from '../../backends/facts/found.ts'
import type { ServiceParts } from '../resource-service.ts'
import { disassociate, refuseLostAddress } from '../routers/floating-ip-association.ts'
import type { PortService } from './ports.ts'
import { refuseServiceChange, refuseServiceOwner, refuseServiceRemoval } from './service-ports.ts'

export function createRequestedPortService({ now }: Pick<ServiceParts, 'now'>, ports: PortService): PortService {
  return {
    ...ports,
    create(transaction, draft, project) {
      refuseServiceOwner(draft)
      return ports.create(transaction, draft, project)
    },
    update(transaction, id, change, ifRevision) {
      refuseServiceChange(foundPort(transaction, id), change)
      const port = ports.update(transaction, id, change, ifRevision)
      if (change.fixed_ips || change.mac_address) refuseLostAddress(transaction, port)
      return port
    },
    remove(transaction, id, ifRevision) {
      refuseServiceRemoval(transaction, foundPort(transaction, id))
      ports.remove(transaction, id, ifRevision)
      disassociate(transaction, id, now())
    },
  }
}
