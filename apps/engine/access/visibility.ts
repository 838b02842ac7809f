// What somebody who administers nothing sees, as conditions on rows: what a permission is on, what belongs to that where the
// role shows it, and what it belongs to itself.
import type { Condition, Hop } from '../store/condition.ts'
import type { NamedKind } from './objects.ts'
import { system } from './objects.ts'
import { principalsOf, type Rights } from './rights.ts'

/** Undefined: everything. */
export function visibleRows(kind: NamedKind, rights: Rights): Condition | undefined {
  if (rights.seesEverything) return undefined
  return conditionsOf(rights)[kind]()
}

const hop = (from: string, table: string, to = 'id'): Hop => ({ from, table, to })
const toCluster = hop('clusterId', 'cluster')
const toDataCenter = hop('dataCenterId', 'data_center')
const toNetwork = hop('networkId', 'network')

const some = (...conditions: Condition[]): Condition => ({ some: conditions })
const oneOf = (column: string, values: readonly string[]): Condition => ({
  some: values.map((value) => ({ path: { hops: [], column }, comparison: { operator: '=', value } })),
})

function conditionsOf(rights: Rights): Readonly<Record<NamedKind, () => Condition>> {
  const mine = oneOf('principalId', principalsOf(rights))
  /** A permission is on what the hops lead to, with one of these roles; with any without. */
  const given = (hops: readonly Hop[], roleIds?: readonly string[]): Condition => ({
    through: [...hops, hop('id', 'permission', 'objectId')],
    holds: roleIds ? { every: [mine, oneOf('roleId', roleIds)] } : mine,
  })
  const shown = (...hops: Hop[]) => given(hops, rights.roleIds.showing)
  const connected = (...hops: Hop[]) => given(hops, [...rights.roleIds.showing, ...rights.roleIds.connecting])
  const leadsTo = (hops: readonly Hop[], holds: Condition): Condition => ({ through: hops, holds })
  const onSystem = (roleIds: readonly string[]): Condition => {
    // Of no row in particular: every row sees it, or none.
    const where = { every: [mine, oneOf('roleId', roleIds), oneOf('objectId', [system.id])] }
    return { anyIn: 'permission', holds: where }
  }
  const everywhere = onSystem(rights.roleIds.showing)
  const connectedEverywhere = onSystem([...rights.roleIds.showing, ...rights.roleIds.connecting])

  const vm = () => some(given([]), shown(toCluster), shown(toCluster, toDataCenter), everywhere)
  const host = vm
  const template = vm
  const vnicProfile = () =>
    some(
      given([]),
      { path: { hops: [], column: 'publicUse' }, comparison: { operator: '=', value: 1 } },
      connected(toNetwork),
      connected(toNetwork, toDataCenter),
      connectedEverywhere,
    )
  const network = () =>
    some(
      given([]),
      connected(toDataCenter),
      connectedEverywhere,
      shown(hop('id', 'network_cluster', 'networkId'), toCluster),
      leadsTo([hop('id', 'vnic_profile', 'networkId')], vnicProfile()),
    )
  const cluster = () =>
    some(
      given([]),
      shown(toDataCenter),
      everywhere,
      given([hop('id', 'vm', 'clusterId')]),
      given([hop('id', 'host', 'clusterId')]),
      given([hop('id', 'template', 'clusterId')]),
    )
  const dataCenter = () =>
    some(
      given([]),
      everywhere,
      leadsTo([hop('id', 'cluster', 'dataCenterId')], cluster()),
      leadsTo([hop('id', 'network', 'dataCenterId')], network()),
    )
  const macPool = () => some(given([]), everywhere)
  return {
    ...{ vm, host, template, network, cluster },
    vnic_profile: vnicProfile,
    data_center: dataCenter,
    mac_pool: macPool,
  }
}
