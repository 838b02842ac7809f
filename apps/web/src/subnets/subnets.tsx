// The subnets of a provider's network: asked of the provider, changed there.
import { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import type { Thing } from '../rights/rights.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/subnets.ts'
import { SubnetFields } from './subnet-fields.tsx'
import { blankSubnet, type SubnetForm, subnetMistakes, subnetRequest } from './subnet-form.ts'

type Subnet = Shown<typeof subnetType>

interface Props {
  /** Of the collection. */
  readonly path: string
  readonly network: Thing
  readonly isReadOnly: boolean
}

const kinds = [subnetType.singular, 'event']

export function Subnets({ path, network, isReadOnly }: Props) {
  const { open } = usePlace()
  const rights = useRights()
  const whyNot = isReadOnly ? text.readOnly : rights.whyNot('configure_storage_pool_network', network)
  return (
    <RelatedTable
      label={text.title}
      type={subnetType}
      path={path}
      columns={columns}
      actions={
        <ActionButton whyNot={whyNot} onClick={() => open('new-subnet')}>
          {text.new}
        </ActionButton>
      }
      rowActions={({ id }) => [{ title: text.remove, isDanger: true, whyNot, run: () => open('remove-subnet', id) }]}
      empty={{ title: text.empty, body: text.emptyWhy }}
    >
      {(rows) => <Dialogs path={path} rows={rows} />}
    </RelatedTable>
  )
}

const columns: readonly Column<Subnet>[] = [
  { title: text.name, cell: ({ name }) => name },
  { title: text.cidr, cell: ({ cidr }) => cidr },
  { title: text.version, cell: ({ ip_version = 'v4' }) => text.versions[ip_version] },
  { title: text.gateway, cell: ({ gateway }) => gateway },
  { title: text.dnsServers, cell: ({ dns_servers = [] }) => dns_servers.join(', ') },
  { title: text.externalId, cell: ({ id }) => id },
]

function Dialogs({ path, rows }: { path: string; rows: readonly Subnet[] }) {
  const { place, close } = usePlace()
  const subnet = rows.find(({ id }) => id === place.of)
  if (place.dialog === 'new-subnet') return <NewSubnetDialog path={path} onClose={close} />
  if (place.dialog === 'remove-subnet' && subnet)
    return <RemoveSubnetDialog path={path} subnet={subnet} onClose={close} />
  return null
}

function NewSubnetDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const form = useForm(blankSubnet, subnetMistakes)
  const add = useChange(
    (values: SubnetForm) => request('POST', path, writeResource(subnetType, subnetRequest(values))),
    { kinds, done: onClose },
  )
  return (
    <FormDialog
      title={text.newTitle}
      verb={text.add}
      isBusy={add.isPending}
      error={add.error}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      <SubnetFields values={form.values} mistakes={form.mistakes} onChange={form.set} />
    </FormDialog>
  )
}

function RemoveSubnetDialog({ path, subnet, onClose }: { path: string; subnet: Subnet; onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `${path}/${encodeURIComponent(subnet.id)}`), {
    kinds,
    done: onClose,
  })
  return (
    <ConfirmDialog
      title={text.removeTitle}
      question={text.removeQuestion}
      names={[`${subnet.name} (${subnet.cidr})`]}
      verb={text.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
