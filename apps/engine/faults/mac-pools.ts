// MAC pools and the addresses in them.
import type { FaultTexts } from './fault-texts.ts'

export const macPoolFaults = {
  MAC_POOL_NOT_ENOUGH_MAC_ADDRESSES: {
    status: 409,
    text: 'Cannot {action}. Not enough MAC addresses left in MAC Address Pool {pool}.',
  },
  ACTION_TYPE_FAILED_MAC_POOL_MUST_HAVE_RANGE: {
    status: 400,
    text: 'Cannot {action}. MAC Pool must contain at least one MAC address range.',
  },
  ACTION_TYPE_FAILED_MAC_POOL_DOES_NOT_EXIST: {
    status: 400,
    text: 'Cannot {action}. MAC Pool does not exist.',
  },
  ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_OVERLAPPING_RANGES: {
    status: 409,
    text: 'Cannot {action}. MAC pool cannot contain overlapping ranges.',
  },
  ACTION_TYPE_FAILED_MAC_POOL_OVERLAPS_WITH_OTHER_POOLS: {
    status: 409,
    text: 'Cannot {action}. MAC pool cannot contain ranges which overlap with ranges in MAC pools: {pools}',
  },
  ACTION_TYPE_FAILED_MAC_POOL_CONTAINS_DUPLICATES: {
    status: 409,
    text: "Cannot {action}. Cannot unset 'Allow Duplicates' when mac pool contains duplicate macs.",
  },
  ACTION_TYPE_FAILED_SETTING_DEFAULT_MAC_POOL_IS_NOT_SUPPORTED: {
    status: 400,
    text: 'Cannot {action}. Setting default MAC Pool is not supported.',
  },
  ACTION_TYPE_FAILED_CHANGING_DEFAULT_MAC_POOL_IS_NOT_SUPPORTED: {
    status: 400,
    text: 'Cannot {action}. Changing default MAC Pool is not supported.',
  },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_DEFAULT_MAC_POOL: {
    status: 409,
    text: 'Cannot {action}. Default MAC Pool cannot be removed.',
  },
  ACTION_TYPE_FAILED_CANNOT_REMOVE_STILL_USED_MAC_POOL: {
    status: 409,
    text: 'Cannot {action}. Several clusters ({count}) are using this MAC Pool:\n{clusters}\n - Please remove it from all clusters that are using it and try again.',
  },
  ACTION_TYPE_FAILED_CANNOT_MIGRATE_MACS_DUE_TO_DUPLICATES: {
    status: 409,
    text: 'Cannot migrate MACs to another MAC pool, because that action would create duplicates in target MAC pool, which are not allowed. Problematic MACs are {macs}',
  },
} as const satisfies FaultTexts
