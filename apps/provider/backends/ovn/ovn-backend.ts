// The OVN backend: all state in OVN's northbound database, so that a provider can be replaced at any time.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { TableChanges } from '@patchbay/ovsdb/cache/copy.ts'
import { ConfigurationError } from '@patchbay/service/options.ts'
import type { Backend } from '../backend.ts'
import { createCommitQueue } from './commit/commit-queue.ts'
import { createMirror } from './mirror/mirror.ts'
import { createMemoryTidying } from './mirror/tidy-memory.ts'
import { connectNorthbound, type NorthboundOptions } from './northbound.ts'
import { ovnOption } from './rows/dhcp-option-names.ts'

export interface OvnBackendOptions extends NorthboundOptions {
  /** Largest MTU of a port: what the hosts' underlay carries, minus 58 bytes of Geneve. */
  readonly maxMtu: number
}

/** Resolves at once, whether the database can be reached or not: `missing()` tells. */
export function openOvnBackend({ maxMtu, ...options }: OvnBackendOptions): Backend {
  if (options.remotes.length === 0) throw new ConfigurationError('--ovn-nb: give at least one server')
  const northbound = connectNorthbound(options)
  const mirror = createMirror(northbound, maxMtu)
  const { replica } = northbound
  const database = `the northbound database at ${options.remotes.join(', ')}`
  const tidying = createMemoryTidying()
  replica.onTransaction((changes) => {
    mirror.apply(changes)
    tidying(changedRows(changes))
  })
  const commits = createCommitQueue(northbound, mirror)
  return {
    capabilities: {
      networkTypes: ['geneve', 'flat', 'vlan'],
      defaultNetworkType: 'geneve',
      maxMtu,
      portExtras: ['allowed_address_pairs', 'extra_dhcp_opts'],
      checkDhcpOption: ovnOption,
      securityGroups: true,
      vifType: 'ovs',
      numbersTunnels: false,
      wires: false,
    },
    state: mirror.tables,
    missing: () => (replica.state === 'synced' && !mirror.failure ? undefined : database),
    async whenReady() {
      await replica.whenSynced({ timeoutMs: northbound.times.patienceMs }).catch((error) => {
        const reason = `${database} cannot be reached: ${error.message}`
        throw new NetworkingError('ServiceUnavailable', { reason })
      })
      if (!mirror.failure) return
      const reason = `${database} has something that this program cannot read: ${mirror.failure.message}`
      throw new NetworkingError('ServiceUnavailable', { reason })
    },
    write: (change) => commits.write(change),
    [Symbol.asyncDispose]: () => northbound[Symbol.asyncDispose](),
  }
}

const changedRows = (changes: TableChanges) => [...changes.values()].reduce((sum, { length }) => sum + length, 0)
