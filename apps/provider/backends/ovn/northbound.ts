// The northbound database as the backend sees it: a client, and a replica of the columns that networks are made of.

import { Replica } from '@patchbay/ovsdb/cache/replica.ts'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import {
  type ACL,
  type DHCPOptions,
  type LogicalRouter,
  type LogicalRouterPort,
  type LogicalRouterStaticRoute,
  type LogicalSwitch,
  type LogicalSwitchPort,
  type NAT,
  type NBGlobal,
  type OvnNorthboundTables,
  ovnNorthbound,
  type PortGroup,
} from '@patchbay/ovsdb/generated/ovn-northbound.ts'
import type { TlsIdentity } from '@patchbay/ovsdb/transport/open-socket.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operations/operation-builders.ts'
import { portIdOf } from './rows/port-id.ts'

export interface NorthboundOptions {
  /** `tcp:HOST:PORT`, `ssl:HOST:PORT`, `unix:PATH`: the servers of one database. */
  readonly remotes: readonly string[]
  readonly tls: TlsIdentity | undefined
  readonly times?: Partial<NorthboundTimes> | undefined
  /** Names of the chassis that routers lead outside through; the others take over when one fails. */
  readonly gatewayChassis?: readonly string[]
}

/** All in ms. */
export interface NorthboundTimes {
  /** How long a request waits for a database that is away: a server that restarts is back in a moment. Default 5 s. */
  readonly patienceMs: number
  /** How long a change waits for its turn, and how long it then may take. Default 10 s. */
  readonly writeMs: number
  /** A server that is silent for so long is asked for a sign of life, and has so long for that. Default 5 s each. */
  readonly idleMs: number
  readonly answerMs: number
}

export const defaultTimes: NorthboundTimes = { patienceMs: 5000, writeMs: 10_000, idleMs: 5000, answerMs: 5000 }
/** Between attempts to connect: less than the patience of requests. */
const backoffMaxMs = 1000

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
  Port_Group: ['_uuid', 'name', 'external_ids'],
  ACL: ['_uuid', 'direction', 'external_ids'],
  Logical_Router: ['_uuid', 'name', 'enabled', 'ports', 'static_routes', 'nat', 'external_ids'],
  Logical_Router_Port: [
    '_uuid',
    'name',
    'mac',
    'networks',
    'enabled',
    'ipv6_ra_configs',
    'gateway_chassis',
    'ha_chassis_group',
    'external_ids',
  ],
  Logical_Router_Static_Route: ['_uuid', 'ip_prefix', 'nexthop', 'policy', 'route_table', 'external_ids'],
  NAT: ['_uuid', 'type', 'external_ip', 'logical_ip', 'logical_port', 'external_mac', 'external_ids'],
} as const

/** Of a row of a single port: the subnet whose options it repeats. */
export const followedSubnetKey = 'patchbay_subnet'

export type PortGroupRow = Pick<PortGroup, (typeof selection.Port_Group)[number]>
export type AclRow = Pick<ACL, (typeof selection.ACL)[number]>
export type GlobalRow = Pick<NBGlobal, (typeof selection.NB_Global)[number]>
export type SwitchRow = Pick<LogicalSwitch, (typeof selection.Logical_Switch)[number]>
export type SwitchPortRow = Pick<LogicalSwitchPort, (typeof selection.Logical_Switch_Port)[number]>
export type DhcpOptionsRow = Pick<DHCPOptions, (typeof selection.DHCP_Options)[number]>

export type RouterRow = Pick<LogicalRouter, (typeof selection.Logical_Router)[number]>
export type RouterPortRow = Pick<LogicalRouterPort, (typeof selection.Logical_Router_Port)[number]>
export type RouteRow = Pick<LogicalRouterStaticRoute, (typeof selection.Logical_Router_Static_Route)[number]>
export type NatRow = Pick<NAT, (typeof selection.NAT)[number]>

export type Northbound = ReturnType<typeof connectNorthbound>

/** Makes operations on the northbound database. */
export const nb = operationsOn(ovnNorthbound)

/** Connects at once, and again whenever it has to. */
export function connectNorthbound({ remotes, tls, times: given, gatewayChassis = [] }: NorthboundOptions) {
  const times = { ...defaultTimes, ...given }
  const { writeMs: requestMs, idleMs, answerMs } = times
  const client = new OvsdbClient<OvnNorthboundTables>({
    remotes,
    database: ovnNorthbound,
    ...(tls && { tls }),
    times: { requestMs, idleMs, answerMs, backoffMaxMs },
  })
  const replica = new Replica(client, { tables: selection })
  const switchPorts = replica.table('Logical_Switch_Port')
  const strangersPorts = switchPorts.index((row) => (portIdOf(row) === row._uuid ? undefined : row.name))
  const dhcpOptions = replica.table('DHCP_Options')
  const routers = replica.table('Logical_Router')
  const routerPorts = replica.table('Logical_Router_Port')
  return {
    client,
    replica,
    times,
    tableNames: Object.keys(selection) as (keyof typeof selection)[],
    global: replica.table('NB_Global'),
    portGroups: replica.table('Port_Group'),
    portGroupsByName: replica.table('Port_Group').index('name'),
    switches: replica.table('Logical_Switch'),
    switchPorts,
    /** The row of a port that the API knows by this id. */
    portRowOf: (id: string) => strangersPorts.get(id) ?? switchPorts.get(id),
    /** The switch's side of a router's port. */
    switchPortOfRouterPort: switchPorts.index(({ type, options }) =>
      type === 'router' ? options['router-port'] : undefined,
    ),
    routers,
    routerOfPort: routers.index('ports'),
    routerOfRoute: routers.index('static_routes'),
    routerOfNat: routers.index('nat'),
    routerPorts,
    routerPortsByName: routerPorts.index('name'),
    staticRoutes: replica.table('Logical_Router_Static_Route'),
    nats: replica.table('NAT'),
    gatewayChassis,
    dhcpOptions,
    /** Rows of single ports, by the subnet that they follow. */
    portDhcpOfSubnet: dhcpOptions.index(({ external_ids }) => external_ids[followedSubnetKey]),
    dhcpOptionsOfNetwork: dhcpOptions.index(({ external_ids }) => external_ids.ovirt_network_id),
    async [Symbol.asyncDispose]() {
      replica.close()
      await client.close()
    },
  }
}
