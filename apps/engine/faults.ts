// Every refusal of the engine: oVirt's message key, HTTP status and text.
import { type DetailsOf, fillIn } from '@patchbay/networking-api/message-text.ts'
import { accessFaults } from './faults/access.ts'
import { certificateFaults } from './faults/certificates.ts'
import { driverFaults } from './faults/drivers.ts'
import { hostNetworkFaults } from './faults/host-networks.ts'
import { macPoolFaults } from './faults/mac-pools.ts'
import { networkFaults } from './faults/networks.ts'
import { providerFaults } from './faults/providers.ts'
import { requestFaults } from './faults/requests.ts'
import { vmFaults } from './faults/vms.ts'

export const faults = {
  ...requestFaults,
  ...accessFaults,
  ...certificateFaults,
  ...providerFaults,
  ...networkFaults,
  ...hostNetworkFaults,
  ...macPoolFaults,
  ...vmFaults,
  ...driverFaults,
} as const

type Registry = typeof faults
export type FaultKey = keyof Registry

type Details<Key extends FaultKey> = DetailsOf<Registry[Key]['text']>

/** A refusal, told to the caller as oVirt's fault: a reason and a detail in square brackets. */
export class Fault<Key extends FaultKey = FaultKey> extends Error {
  override readonly name = 'Fault'
  readonly key: Key
  readonly status: number

  constructor(key: Key, ...details: Details<Key>) {
    super(fillIn(faults[key].text, details[0]))
    this.key = key
    this.status = faults[key].status
  }
}
