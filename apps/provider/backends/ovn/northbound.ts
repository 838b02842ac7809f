// The northbound database as the backend sees it: a client, and a replica of the columns that networks are made of.

import { Replica } from '@patchbay/ovsdb/cache/replica.ts'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import {
  type DHCPOptions,
  type LogicalSwitch,
  type LogicalSwitchPort,
  type NBGlobal,
  type OvnNorthboundTables,
  ovnNorthbound,
} from '@patchbay/ovsdb/generated/ovn-northbound.ts'
import type { TlsIdentity } from '@patchbay/ovsdb/transport/open-socket.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operation-builders.ts'

export interface NorthboundOptions {
  /** `tcp:HOST:PORT`, `ssl:HOST:PORT`, `unix:PATH`: the servers of one database. */
  readonly remotes: readonly string[]
  readonly tls: TlsIdentity | undefined
}

const selection = {
  NB_Global: ['_uuid', 'external_ids'],
  Logical_Switch: ['_uuid', 'name', 'ports', 'other_config', 'external_ids'],
  Logical_Switch_Port: [
    '_uuid',
    'name',
    'type',
    'options',
    'tag',
    'addresses',
    'dynamic_addresses',
    'port_security',
    'enabled',
    'up',
    'dhcpv4_options',
    'external_ids',
  ],
  DHCP_Options: ['_uuid', 'cidr', 'options', 'external_ids'],
} as const

export type GlobalRow = Pick<NBGlobal, (typeof selection.NB_Global)[number]>
export type SwitchRow = Pick<LogicalSwitch, (typeof selection.Logical_Switch)[number]>
export type SwitchPortRow = Pick<LogicalSwitchPort, (typeof selection.Logical_Switch_Port)[number]>
export type DhcpOptionsRow = Pick<DHCPOptions, (typeof selection.DHCP_Options)[number]>

export type Northbound = ReturnType<typeof connectNorthbound>

/** Makes operations on the northbound database. */
export const nb = operationsOn(ovnNorthbound)

/** Connects at once, and again whenever it has to. */
export function connectNorthbound({ remotes, tls }: NorthboundOptions) {
  const client = new OvsdbClient<OvnNorthboundTables>({ remotes, tls, database: ovnNorthbound })
  const replica = new Replica(client, { tables: selection })
  return {
    client,
    replica,
    global: replica.table('NB_Global'),
    switches: replica.table('Logical_Switch'),
    switchPorts: replica.table('Logical_Switch_Port'),
    dhcpOptions: replica.table('DHCP_Options'),
    async [Symbol.asyncDispose]() {
      replica.close()
      await client.close()
    },
  }
}
