// The steps from one version of the database to the next. A released step never changes.
import type { Migration } from 'kysely/migration'
import { wholeLoop } from './migrations/0001-whole-loop.ts'
import { identityV3 } from './migrations/0002-identity-v3.ts'
import { hostCertificates } from './migrations/0003-host-certificates.ts'
import { providerFlags } from './migrations/0010-provider-flags.ts'
import { portsMade } from './migrations/0011-ports-made.ts'
import { networks } from './migrations/0020-networks.ts'
import { macPools } from './migrations/0022-mac-pools.ts'
import { nicUpdates } from './migrations/0030-nic-updates.ts'
import { vmStates } from './migrations/0031-vm-states.ts'
import { hostDuty } from './migrations/0032-host-duty.ts'
import { templatesAndSnapshots } from './migrations/0033-templates-and-snapshots.ts'
import { filterParameters } from './migrations/0034-filter-parameters.ts'
import { eventNumbers } from './migrations/0040-event-numbers.ts'
import { scale } from './migrations/0050-scale.ts'
import { driverPackages } from './migrations/0070-driver-packages.ts'
import { permissions } from './migrations/0080-permissions.ts'
import { networkAttachments } from './migrations/0090-network-attachments.ts'
import { eventLinks } from './migrations/0100-event-links.ts'
import { nicLabels } from './migrations/0110-nic-labels.ts'
import { awaitedChanges } from './migrations/0120-awaited-changes.ts'

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-whole-loop': wholeLoop,
  '0002-identity-v3': identityV3,
  '0003-host-certificates': hostCertificates,
  '0010-provider-flags': providerFlags,
  '0011-ports-made': portsMade,
  '0020-networks': networks,
  '0022-mac-pools': macPools,
  '0030-nic-updates': nicUpdates,
  '0031-vm-states': vmStates,
  '0032-host-duty': hostDuty,
  '0033-templates-and-snapshots': templatesAndSnapshots,
  '0034-filter-parameters': filterParameters,
  '0040-event-numbers': eventNumbers,
  '0050-scale': scale,
  '0070-driver-packages': driverPackages,
  '0080-permissions': permissions,
  '0090-network-attachments': networkAttachments,
  '0100-event-links': eventLinks,
  '0110-nic-labels': nicLabels,
  '0120-awaited-changes': awaitedChanges,
}
