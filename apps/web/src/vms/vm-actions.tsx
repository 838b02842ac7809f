// What can be done with a virtual machine, and why not just now.

import type { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { usePlace } from '../list/place.ts'
import { useRights } from '../rights/use-rights.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/vms.ts'
import { useVmRules } from './use-vm-rules.ts'
import { runAction, vmKinds } from './vm-requests.ts'
import { permitFor, type VmAction } from './vm-rules.ts'

const actions: readonly VmAction[] = ['start', 'shutdown', 'reboot', 'suspend', 'stop']

export function VmActions({ vm }: { vm: Shown<typeof vmType> }) {
  const { open } = usePlace()
  const { whyNot } = useRights()
  const whyNotNow = useVmRules()
  const action = useChange((name: VmAction | 'cancelmigration') => runAction(vm.id, name), { kinds: vmKinds })
  return (
    <>
      {action.error && <FailureAlert error={action.error} title={portal.notDone} />}
      {actions.map((name) => (
        <ActionButton
          key={name}
          variant={name === 'start' ? 'primary' : 'secondary'}
          whyNot={whyNotNow(name, vm)}
          isLoading={action.isPending && action.variables === name}
          onClick={() => action.mutate(name)}
        >
          {text[name]}
        </ActionButton>
      ))}
      {vm.status === 'migrating' ? (
        <ActionButton
          variant="secondary"
          whyNot={whyNot(permitFor.migrate, vm)}
          onClick={() => action.mutate('cancelmigration')}
        >
          {text.cancelMigration}
        </ActionButton>
      ) : (
        <ActionButton variant="secondary" whyNot={whyNotNow('migrate', vm)} onClick={() => open('migrate')}>
          {text.migrate}
        </ActionButton>
      )}
      <ActionButton variant="secondary" isDanger whyNot={whyNotNow('remove', vm)} onClick={() => open('remove')}>
        {text.remove}
      </ActionButton>
    </>
  )
}
