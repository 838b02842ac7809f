// What a request asks of a host's networks, and what then changes on the host.
import type { ValuesOf } from '@patchbay/ovirt-api/element.ts'
import type { setupNetworksElements } from '@patchbay/ovirt-api/types/setup-networks.ts'
import type { NetworkAttachment, NicLabel } from '../../store/entities/host-networks.ts'
import type { PlannedBond } from './bond-request.ts'

export type SetupRequest = ValuesOf<typeof setupNetworksElements>

export interface LabelChanges {
  /** New ones, and those that come to another interface. */
  readonly labels: readonly NicLabel[]
  readonly removedLabels: readonly NicLabel[]
}

export interface SetupPlan extends LabelChanges {
  /** New ones, and those that change or are to be as the engine wants them. */
  readonly attachments: readonly NetworkAttachment[]
  readonly removed: readonly NetworkAttachment[]
  readonly bonds: readonly PlannedBond[]
  readonly removedBonds: readonly string[]
}
