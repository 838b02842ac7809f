// Where the MAC addresses of vNICs come from.
import { bool, list, resource, struct, text } from '../element.ts'

export const macPoolType = resource('mac_pool', 'mac_pools', {
  name: text,
  description: text,
  comment: text,
  allow_duplicates: bool,
  default_pool: bool,
  ranges: list('range', struct({ from: text, to: text })),
})
