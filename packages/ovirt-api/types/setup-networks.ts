// The elements of the action `setupnetworks` of a host.
import { bool, int, list, reference, struct, text } from '../element.ts'
import { hostNicType, networkAttachmentType } from './host-networks.ts'

export const setupNetworksElements = {
  modified_network_attachments: list('network_attachment', struct({ id: text, ...networkAttachmentType.fields })),
  removed_network_attachments: list('network_attachment', reference),
  synchronized_network_attachments: list('network_attachment', reference),
  modified_bonds: list('host_nic', struct({ id: text, ...hostNicType.fields })),
  removed_bonds: list('host_nic', reference),
  modified_labels: list('network_label', struct({ id: text, host_nic: reference })),
  removed_labels: list('network_label', reference),
  check_connectivity: bool,
  /** Seconds. */
  connectivity_timeout: int,
  commit_on_success: bool,
}
