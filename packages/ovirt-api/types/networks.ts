// Networks of the engine, and their vNIC profiles.
import { bool, int, list, reference, resource, struct, text } from '../element.ts'

export const networkType = resource('network', 'networks', {
  name: text,
  description: text,
  comment: text,
  data_center: reference,
  mtu: int,
  usages: list('usage', text),
  vdsm_name: text,
  external_provider: reference,
  /** In the context of a cluster. */
  required: bool,
})

export const vnicProfileType = resource('vnic_profile', 'vnic_profiles', {
  name: text,
  description: text,
  network: reference,
  custom_properties: list('custom_property', struct({ name: text, value: text })),
})
