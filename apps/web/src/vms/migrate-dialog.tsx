// Move a running virtual machine to another host.

import { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ChoiceField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/vms.ts'
import { MigrationProgress } from './migration-progress.tsx'
import { migrateVm, vmKinds } from './vm-requests.ts'

interface Props {
  readonly vm: Shown<typeof vmType>
  readonly onClose: () => void
}

export function MigrateDialog({ vm, onClose }: Props) {
  const [hostId, setHostId] = useState('')
  const { data: hosts = [], isSuccess } = useQuery(collection(hostType, '/hosts'))
  const others = hosts.filter(
    ({ id, status, cluster }) => status === 'up' && cluster?.id === vm.cluster?.id && id !== vm.host?.id,
  )
  const hasNone = isSuccess && others.length === 0
  const migrate = useChange(() => migrateVm(vm.id, hostId), { kinds: vmKinds, done: onClose })
  return (
    <FormDialog
      title={text.migrateTitle(vm.name ?? '')}
      verb={text.migrate}
      isBusy={migrate.isPending}
      error={migrate.error}
      whyNot={hasNone ? text.noOtherHost : undefined}
      notice={migrate.isPending && <MigrationProgress vmId={vm.id} />}
      onSubmit={() => migrate.mutate(undefined)}
      onClose={onClose}
    >
      <Content component="p">{hasNone ? text.noOtherHost : text.migrateHelp}</Content>
      <ChoiceField
        label={text.host}
        value={hostId}
        options={[['', text.anyHost], ...others.map(({ id, name = '' }) => [id, name] as const)]}
        onChange={setHostId}
      />
    </FormDialog>
  )
}
