// The driver that the hosts of a provider's clusters have from the engine.
import { driverPackageType } from '@patchbay/ovirt-api/types/drivers.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Link } from '@tanstack/react-router'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { propertyLines } from '../form/property-lines.ts'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/drivers.ts'
import { AttachDialog } from './attach-dialog.tsx'
import { driverKinds, packagesPath } from './driver-requests.ts'

type Driver = Shown<typeof driverPackageType>

export function ProviderDriver({ provider }: { provider: Shown<typeof providerType> }) {
  const { place, open, close } = usePlace()
  const whyNot = useRights().whyNot('configure_engine')
  const of = `/openstacknetworkproviders/${provider.id}`
  return (
    <RelatedTable
      label={text.onProvider}
      type={driverPackageType}
      path={`${of}${packagesPath}`}
      columns={columns}
      rowActions={({ id }) => [{ title: text.detach, isDanger: true, whyNot, run: () => open('detach', id) }]}
      actions={
        <ActionButton whyNot={whyNot} onClick={() => open('attach')}>
          {text.attach}
        </ActionButton>
      }
      empty={{ title: text.noDriver, body: text.noDriverWhy }}
    >
      {(attached) => {
        const driver = attached.find(({ id }) => id === place.of)
        if (place.dialog === 'attach')
          return <AttachDialog of={of} name={provider.name ?? ''} attached={attached[0]} onClose={close} />
        return place.dialog === 'detach' && driver && <DetachDialog of={of} driver={driver} onClose={close} />
      }}
    </RelatedTable>
  )
}

const columns: readonly Column<Driver>[] = [
  {
    title: text.name,
    cell: ({ id, name, version }) => (
      <Link to="/drivers/$id" params={{ id }}>
        {name} {version}
      </Link>
    ),
  },
  { title: text.pluginTypes, cell: ({ plugin_types = [] }) => plugin_types.join(', ') },
  { title: text.options, cell: ({ properties = [] }) => propertyLines(properties) },
]

interface DetachProps {
  readonly of: string
  readonly driver: Driver
  readonly onClose: () => void
}

function DetachDialog({ of, driver, onClose }: DetachProps) {
  const detach = useChange(() => request('DELETE', `${of}${packagesPath}/${driver.id}`), {
    kinds: driverKinds,
    done: onClose,
  })
  return (
    <ConfirmDialog
      title={text.detach}
      question={text.detachQuestion}
      names={[`${driver.name} ${driver.version}`]}
      verb={text.detach}
      isBusy={detach.isPending}
      error={detach.error}
      onConfirm={() => detach.mutate(undefined)}
      onClose={onClose}
    />
  )
}
