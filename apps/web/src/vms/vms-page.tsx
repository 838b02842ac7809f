// The virtual machines.

import { clusterType, hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import VirtualMachineIcon from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { Nothing } from '../feedback/nothing.tsx'
import { Status } from '../feedback/status.tsx'
import { ListPage } from '../list/list-page.tsx'
import { usePlace } from '../list/place.ts'
import type { Column, RowAction } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/vms.ts'
import { AddVmDialog } from './add-vm-dialog.tsx'
import { MigrateDialog } from './migrate-dialog.tsx'
import { RemoveVmDialog } from './remove-vm-dialog.tsx'
import { useVmRules } from './use-vm-rules.ts'
import { runAction, vmKinds } from './vm-requests.ts'
import type { VmAction } from './vm-rules.ts'

type Row = Shown<typeof vmType>
type NameOf = (id: string | undefined) => string

export function VmsPage() {
  const { open } = usePlace()
  const { whyNot } = useRights()
  const whyNotNow = useVmRules()
  const { data: clusters = [] } = useQuery(collection(clusterType, '/clusters'))
  const clusterName = useNames(clusterType, '/clusters')
  const hostName = useNames(hostType, '/hosts')
  const action = useChange(({ id, name }: { id: string; name: VmAction }) => runAction(id, name), { kinds: vmKinds })
  const add = (
    <ActionButton whyNot={whyNot('create_vm', ...clusters)} onClick={() => open('add')}>
      {text.add}
    </ActionButton>
  )
  const actionsOf = (vm: Row): RowAction[] => [
    ...(['start', 'shutdown', 'stop'] as const).map((name) => ({
      title: text[name],
      whyNot: whyNotNow(name, vm),
      run: () => action.mutate({ id: vm.id, name }),
    })),
    { title: text.migrate, whyNot: whyNotNow('migrate', vm), run: () => open('migrate', vm.id) },
    { title: text.remove, isDanger: true, whyNot: whyNotNow('remove', vm), run: () => open('remove', vm.id) },
  ]
  return (
    <ListPage
      title={text.title}
      type={vmType}
      path="/vms"
      columns={columns(clusterName, hostName)}
      actions={add}
      rowActions={actionsOf}
      empty={<Nothing title={text.empty} body={text.emptyWhy} icon={VirtualMachineIcon} action={add} />}
    >
      {(rows) => (
        <>
          {action.error && <FailureAlert error={action.error} title={portal.notDone} />}
          <Dialogs rows={rows} />
        </>
      )}
    </ListPage>
  )
}

const columns = (clusterName: NameOf, hostName: NameOf): readonly Column<Row>[] => [
  {
    title: text.name,
    sortBy: 'name',
    cell: ({ id, name }) => (
      <Link to="/vms/$id" params={{ id }}>
        {name}
      </Link>
    ),
  },
  {
    title: text.state,
    sortBy: 'status',
    cell: ({ status, status_detail }) => <Status status={status} detail={status_detail} />,
  },
  { title: text.host, sortBy: 'host', cell: ({ host }) => hostName(host?.id) },
  { title: text.cluster, sortBy: 'cluster', cell: ({ cluster }) => clusterName(cluster?.id) },
  { title: text.memory, sortBy: 'memory', cell: ({ memory = 0 }) => text.mebibytes(memory) },
  { title: text.description, sortBy: 'description', isLesser: true, cell: ({ description }) => description },
]

function Dialogs({ rows }: { rows: readonly Row[] }) {
  const { place, close } = usePlace()
  const vm = rows.find(({ id }) => id === place.of)
  if (place.dialog === 'add') return <AddVmDialog onClose={close} />
  if (!vm) return null
  if (place.dialog === 'migrate') return <MigrateDialog vm={vm} onClose={close} />
  if (place.dialog === 'remove') return <RemoveVmDialog vm={vm} onClose={close} />
  return null
}
