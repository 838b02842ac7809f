// What the steps of workflows work with.
import type { EventLog } from '../../events/event-log.ts'
import type { HostConnections } from '../../hosts/host-connections.ts'
import type { TrafficHistory } from '../../hosts/traffic-history.ts'
import type { VmSamples } from '../../hosts/vm-samples.ts'
import type { VmWatch } from '../../hosts/vm-watch.ts'
import type { ProviderClients } from '../../providers/provider-clients.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { Store } from '../../store/store.ts'
import type { Locks } from './locks.ts'
import type { WorkflowRunner } from './workflow-runner.ts'

export interface Parts {
  readonly store: Store
  readonly providers: ProviderClients
  readonly hosts: HostConnections
  readonly watch: VmWatch
  readonly samples: VmSamples
  readonly traffic: TrafficHistory
  readonly scheduler: Scheduler
  readonly events: EventLog
  readonly locks: Locks
  readonly workflows: WorkflowRunner<Parts>
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}
