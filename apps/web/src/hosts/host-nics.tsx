// The interfaces of a host, and bonds made of them.
import { hostNicType } from '@patchbay/ovirt-api/types/host-networks.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { Status } from '../feedback/status.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/hosts.ts'
import { BondDialog } from './bond-dialog.tsx'
import { hostKinds, setUpNetworks } from './host-requests.ts'
import { LabelDialog } from './label-dialog.tsx'
import { attachable, type HostNic, kindOf, removeBondRequest } from './network-setup.ts'
import { type NicCounters, nicCounters, shownBytes } from './nic-counters.ts'
import { nicLabels } from './nic-labels.ts'

export function HostNics({ host }: { host: Shown<typeof hostType> }) {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('configure_host_network', host)
  const networkName = useNames(networkType, '/networks')
  const { data: counters } = useQuery(nicCounters(host))
  const { data: labels } = useQuery(nicLabels(host))
  const path = `/hosts/${host.id}/nics`
  const { data: known = [] } = useQuery(collection(hostNicType, path))
  const labelable = new Set(attachable(known).map(({ id }) => id))
  return (
    <RelatedTable
      label={text.nics}
      type={hostNicType}
      path={path}
      columns={columns(networkName, counters, labels)}
      actions={
        <ActionButton whyNot={whyNotHere} onClick={() => open('bond')}>
          {text.addBond}
        </ActionButton>
      }
      rowActions={({ id, bonding }) => [
        {
          title: text.labels,
          whyNot: whyNotHere ?? (labelable.has(id) ? undefined : text.isNotLabeled),
          run: () => open('labels', id),
        },
        {
          title: text.removeBond,
          isDanger: true,
          whyNot: whyNotHere ?? (bonding ? undefined : text.isNoBond),
          run: () => open('remove-bond', id),
        },
      ]}
      empty={{ title: text.noNics, body: text.noNicsWhy }}
    >
      {(nics) => {
        const chosen = nics.find(({ id }) => id === place.of)
        const single = attachable(nics).filter(({ bonding }) => !bonding)
        if (place.dialog === 'bond') return <BondDialog hostId={host.id} nics={single} onClose={close} />
        if (place.dialog === 'labels' && chosen && labels)
          return <LabelDialog hostId={host.id} nic={chosen} labels={labels.get(chosen.id) ?? []} onClose={close} />
        return place.dialog === 'remove-bond' && chosen && <RemoveBond hostId={host.id} bond={chosen} onClose={close} />
      }}
    </RelatedTable>
  )
}

const columns = (
  networkName: (id: string | undefined) => string,
  counters: ReadonlyMap<string, NicCounters> | undefined,
  labels: ReadonlyMap<string, readonly string[]> | undefined,
): readonly Column<HostNic>[] => [
  { title: text.nic, cell: ({ name }) => name },
  { title: text.kind, cell: kindOf },
  { title: text.state, cell: ({ status }) => <Status status={status} /> },
  { title: text.mac, isShort: true, cell: ({ mac }) => mac?.address },
  { title: text.mtu, cell: ({ mtu }) => mtu },
  { title: text.addresses, cell: ({ ip, ipv6 }) => [ip?.address, ipv6?.address].filter(Boolean).join(', ') },
  { title: text.carries, cell: ({ network }) => networkName(network?.id) },
  { title: text.labels, cell: ({ id }) => labels?.get(id)?.join(', ') },
  { title: text.received, isShort: true, cell: ({ id }) => shownBytes(counters?.get(id)?.received) },
  { title: text.sent, isShort: true, cell: ({ id }) => shownBytes(counters?.get(id)?.sent) },
]

interface RemoveBondProps {
  readonly hostId: string
  readonly bond: HostNic
  readonly onClose: () => void
}

function RemoveBond({ hostId, bond, onClose }: RemoveBondProps) {
  const remove = useChange(() => setUpNetworks(hostId, removeBondRequest(bond.id)), { kinds: hostKinds, done: onClose })
  return (
    <ConfirmDialog
      title={text.removeBond}
      question={text.removeBondQuestion}
      names={[bond.name ?? bond.id]}
      verb={text.removeBond}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
