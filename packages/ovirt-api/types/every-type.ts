// All types, for what goes over them: documentation, and the tests that hold it against them.
import type { ResourceType } from '../element.ts'
import * as access from './access.ts'
import * as diagnosis from './diagnosis.ts'
import * as drivers from './drivers.ts'
import * as events from './events.ts'
import * as hostNetworks from './host-networks.ts'
import * as infrastructure from './infrastructure.ts'
import * as jobs from './jobs.ts'
import * as macPools from './mac-pools.ts'
import * as networks from './networks.ts'
import * as nicDetails from './nic-details.ts'
import * as providers from './providers.ts'
import * as reconciliation from './reconciliation.ts'
import * as snapshots from './snapshots.ts'
import * as templates from './templates.ts'
import * as topology from './topology.ts'
import * as traffic from './traffic.ts'
import * as vms from './vms.ts'

export const everyType: readonly ResourceType[] = [
  infrastructure,
  hostNetworks,
  providers,
  macPools,
  networks,
  vms,
  nicDetails,
  snapshots,
  templates,
  drivers,
  diagnosis,
  events,
  jobs,
  reconciliation,
  topology,
  traffic,
  access,
].flatMap((types) => Object.values<ResourceType>(types))
