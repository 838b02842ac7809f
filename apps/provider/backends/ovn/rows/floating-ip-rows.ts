// A floating IP is kept with its port on the external network: a Logical_Switch_Port whose uuid is the id of both.
// What it does is a translation of its router.
import { type FloatingIp, floatingIpType } from '@patchbay/networking-api/resources/floating-ips.ts'
import { isObject } from '@patchbay/networking-api/resources/kinds.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { noAssociation } from '../../facts/association.ts'
import type { Effect, Effects } from '../commit/effects.ts'
import { type Northbound, nb, type SwitchPortRow } from '../northbound.ts'
import { type Image, modification } from './image.ts'
import { inOrder, strangersDefaults } from './own-attributes.ts'
import { guardPort } from './port-rows.ts'
import { isOfFloatingIp } from './service-port-rows.ts'

const floatingIpKey = 'patchbay_floatingip'
/** On a port that a floating IP stands for, so that whoever removes the port notices. */
const addressKey = 'patchbay_floating_address'

const defaults = strangersDefaults(floatingIpType)
const { subnet_id: _, ...keptAttributes } = floatingIpType.attributes
const keptType = { ...floatingIpType, attributes: keptAttributes }

function imageOf(floatingIp: FloatingIp | undefined): Image {
  if (!floatingIp) return { columns: {}, maps: { external_ids: {} } }
  const { id: _, floating_network_id: __, floating_ip_address: ___, ...own } = floatingIp
  return { columns: {}, maps: { external_ids: { [floatingIpKey]: JSON.stringify(own) } } }
}

/** `port`: as the row of the floating IP is read. Undefined for a row that has none. */
export function readFloatingIp(
  row: SwitchPortRow,
  { id, network_id, fixed_ips }: Port,
  { portRowOf, routers }: Northbound,
): FloatingIp | undefined {
  const own = isOfFloatingIp(row) ? parsed(row.external_ids[floatingIpKey]) : undefined
  const address = fixed_ips.find(({ ip_address }) => !ip_address.includes(':'))?.ip_address
  if (!own || address === undefined) return undefined
  const elsewhere = { id, floating_network_id: network_id, floating_ip_address: address }
  const isUsed = portRowOf(String(own.port_id)) && routers.get(String(own.router_id))
  return inOrder(keptType, {
    ...defaults,
    ...own,
    ...(!isUsed && noAssociation),
    ...elsewhere,
  } as unknown as FloatingIp)
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const own: unknown = JSON.parse(text ?? 'null')
    return isObject(own) ? own : undefined
  } catch {
    return undefined
  }
}

/** After those of ports: its port makes the row, and takes it away. */
export function floatingIpOperations({ floatingIps, ports }: Effects, northbound: Northbound): Operation[] {
  return [...floatingIps.values()].flatMap((effect) => [
    ...(effect.after
      ? modification('Logical_Switch_Port', effect.after.id, imageOf(effect.before), imageOf(effect.after))
      : []),
    ...markOperations(effect, ports, northbound),
  ])
}

function markOperations({ before, after }: Effect<FloatingIp>, ports: Effects['ports'], { portRowOf }: Northbound) {
  const [was, is] = [before?.port_id ?? null, after?.port_id ?? null]
  if (was === is && before?.fixed_ip_address === after?.fixed_ip_address) return []
  const rowOf = (id: string | null) => {
    const isGone = id === null || (ports.has(id) && !ports.get(id)!.after)
    return isGone ? undefined : portRowOf(id)
  }
  const [old, row] = [rowOf(was), rowOf(is)]
  const on = ({ _uuid }: SwitchPortRow) => [['_uuid', '==', _uuid]] as const
  return [
    ...(old ? [nb.mutate('Logical_Switch_Port', on(old), [['external_ids', 'delete', [addressKey]]])] : []),
    ...(row
      ? [
          nb.mutate('Logical_Switch_Port', on(row), [
            ['external_ids', 'delete', [addressKey]],
            ['external_ids', 'insert', { [addressKey]: after!.floating_ip_address }],
          ]),
        ]
      : []),
  ]
}

/** The rows of floating IPs, and of the ports that they are to stand for, must be as they were read. */
export function floatingIpGuards({ floatingIps, ports }: Effects, { portRowOf }: Northbound): Operation[] {
  const ids = [...floatingIps.values()].flatMap(({ before, after }) => [before?.id, after?.port_id])
  const others = [...new Set(ids)].filter((id) => id != null && !ports.has(id))
  return others.flatMap((id) => portRowOf(id!) ?? []).map(guardPort)
}
