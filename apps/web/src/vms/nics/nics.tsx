// The vNICs of a virtual machine: added, plugged, unplugged, edited and removed, also while it runs.

import { nicType, type vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { Link, useNavigate } from '@tanstack/react-router'
import { request } from '../../engine/request.ts'
import type { Shown } from '../../engine/resource.ts'
import { useChange } from '../../engine/use-change.ts'
import { ActionButton } from '../../feedback/action-button.tsx'
import { ConfirmDialog } from '../../feedback/confirm-dialog.tsx'
import { FailureAlert } from '../../feedback/failure-alert.tsx'
import { Status } from '../../feedback/status.tsx'
import { usePlace } from '../../list/place.ts'
import { RelatedTable } from '../../list/related-table.tsx'
import type { Column } from '../../list/resource-table.tsx'
import { useRights } from '../../rights/use-rights.ts'
import { text } from '../../text/nics.ts'
import { text as portal } from '../../text/portal.ts'
import { vmKinds } from '../vm-requests.ts'
import { isLive } from '../vm-rules.ts'
import { NicDialog } from './nic-dialog.tsx'
import { type ProfileChoice, useProfiles } from './profile-choices.ts'

type Nic = Shown<typeof nicType>
type Vm = Shown<typeof vmType>

export function Nics({ vm }: { vm: Vm }) {
  const { open } = usePlace()
  const navigate = useNavigate()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('configure_vm_network', vm)
  const path = `/vms/${vm.id}/nics`
  const profiles = useProfiles(vm.cluster?.id ?? '')
  const plug = useChange(
    ({ id, plugged }: Nic) => request('POST', `${path}/${id}/${plugged ? 'deactivate' : 'activate'}`, {}),
    { kinds: vmKinds },
  )
  const whyNotRemoved = ({ plugged }: Nic) =>
    whyNotHere ?? (plugged && isLive(vm.status) ? text.unplugFirst : undefined)
  return (
    <>
      {plug.error && <FailureAlert error={plug.error} title={portal.notDone} />}
      <RelatedTable
        label={text.title}
        type={nicType}
        path={path}
        columns={columns(profiles)}
        actions={
          <ActionButton whyNot={whyNotHere} onClick={() => open('add-nic')}>
            {text.add}
          </ActionButton>
        }
        rowActions={(nic) => [
          { title: nic.plugged ? text.unplug : text.plug, whyNot: whyNotHere, run: () => plug.mutate(nic) },
          {
            title: text.diagnose,
            run: () =>
              void navigate({ to: '/vms/$vm/nics/$nic/diagnosis', params: { vm: vm.id ?? '', nic: nic.id ?? '' } }),
          },
          { title: text.edit, whyNot: whyNotHere, run: () => open('edit-nic', nic.id) },
          { title: text.remove, isDanger: true, whyNot: whyNotRemoved(nic), run: () => open('remove-nic', nic.id) },
        ]}
        empty={{ title: text.empty, body: text.emptyWhy }}
      >
        {(nics) => <Dialogs vm={vm} nics={nics} />}
      </RelatedTable>
    </>
  )
}

const columns = (profiles: readonly ProfileChoice[]): readonly Column<Nic>[] => {
  const profileOf = ({ vnic_profile }: Nic) => profiles.find(({ id }) => id === vnic_profile?.id)
  return [
    { title: text.name, cell: ({ name }) => name },
    {
      title: text.network,
      cell(nic) {
        const profile = profileOf(nic)
        if (!profile) return portal.none
        return (
          <Link to="/networks/$id" params={{ id: profile.networkId }}>
            {profile.isExternal ? text.external(profile.networkName) : profile.networkName}
          </Link>
        )
      },
    },
    { title: text.profile, cell: (nic) => profileOf(nic)?.name ?? portal.none },
    {
      title: text.cardStatus,
      cell: ({ plugged = true, synced = true }) => (
        <Status status={plugged ? 'plugged' : 'unplugged'} detail={synced ? undefined : text.unsynced} />
      ),
    },
    { title: text.linkState, cell: ({ linked = true }) => text.linkStates[`${linked}`] },
    { title: text.macColumn, isShort: true, cell: ({ mac }) => mac?.address },
    { title: text.type, isShort: true, cell: ({ interface: model }) => model },
  ]
}

function Dialogs({ vm, nics }: { vm: Vm; nics: readonly Nic[] }) {
  const { place, close } = usePlace()
  const nic = nics.find(({ id }) => id === place.of)
  if (place.dialog === 'add-nic') return <NicDialog vm={vm} suggestedName={freeName(nics)} onClose={close} />
  if (!nic) return null
  if (place.dialog === 'edit-nic') return <NicDialog key={nic.id} vm={vm} nic={nic} onClose={close} />
  if (place.dialog === 'remove-nic') return <RemoveNicDialog vm={vm} nic={nic} onClose={close} />
  return null
}

/** nic1, nic2, …, as oVirt suggests them. */
function freeName(nics: readonly Nic[]): string {
  const taken = new Set(nics.map(({ name }) => name))
  let number = 1
  while (taken.has(`nic${number}`)) number++
  return `nic${number}`
}

function RemoveNicDialog({ vm, nic, onClose }: { vm: Vm; nic: Nic; onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/vms/${vm.id}/nics/${nic.id}`), { kinds: vmKinds, done: onClose })
  return (
    <ConfirmDialog
      title={text.removeTitle}
      question={text.removeQuestion}
      names={[`${nic.name} (${nic.mac?.address ?? ''})`]}
      verb={text.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}
