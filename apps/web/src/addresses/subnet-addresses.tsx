// One subnet: how full it is in words, its map, and its used addresses as a table.
import type { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { Content, ExpandableSection } from '@patternfly/react-core'
import type { Shown } from '../engine/resource.ts'
import { ResourceTable } from '../list/resource-table.tsx'
import { text } from '../text/addresses.ts'
import { AddressGrid } from './address-grid.tsx'
import type { AddressMap, SquareKind } from './address-map.ts'
import { shownCount } from './square-text.ts'

export function SubnetAddresses({ subnet, map }: { subnet: Shown<typeof subnetType>; map: AddressMap }) {
  const { name = '', cidr = '' } = subnet
  return (
    <section className="subnet-addresses" aria-label={cidr}>
      <Content component="h2">{text.subnet(name, cidr)}</Content>
      <Content component="p">{factsOf(subnet, map).join(' ')}</Content>
      <Legend />
      <AddressGrid label={text.map(cidr)} map={map} />
      <ExpandableSection toggleText={text.asTable} isIndented>
        <ResourceTable
          label={text.map(cidr)}
          rows={map.addresses.map((each) => ({ ...each, id: `${each.address} ${each.owner}` }))}
          columns={[
            { title: text.address, cell: ({ address }) => address },
            { title: text.kind, cell: ({ isDhcp }) => text.kinds[isDhcp ? 'dhcp' : 'used'] },
            { title: text.owner, cell: ({ owner }) => owner },
          ]}
        />
      </ExpandableSection>
    </section>
  )
}

function factsOf({ cidr = '', gateway = '', dhcp }: Shown<typeof subnetType>, map: AddressMap): string[] {
  const { used, capacity, outside, part, size } = map
  const full = capacity === 0n ? text.noPools : `${text.used(shownCount(used), shownCount(capacity))}.`
  return [
    full,
    ...(outside > 0 ? [`${text.outside(shownCount(outside))}.`] : []),
    `${gateway === '' ? text.noGateway : text.gateway(gateway)}.`,
    ...(dhcp === undefined ? [] : [`${dhcp ? text.dhcp : text.noDhcp}.`]),
    ...(part ? [text.part(text.range(part.first, part.last), cidr)] : []),
    ...(size > 1n ? [text.each(shownCount(size))] : []),
  ]
}

const kinds: readonly SquareKind[] = ['used', 'free', 'gateway', 'dhcp', 'outside']

function Legend() {
  return (
    <ul className="address-legend" aria-label={text.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`address-square is-${kind} is-full`} aria-hidden="true" />
          {text.kinds[kind]}
        </li>
      ))}
    </ul>
  )
}
