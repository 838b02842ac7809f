// The dialogs that a host has in its row and on its page.
import { networkAttachmentType } from '@patchbay/ovirt-api/types/host-networks.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { useChange } from '../engine/use-change.ts'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { usePlace } from '../list/place.ts'
import { text as effectText } from '../text/effects.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { EnrolDialog } from './enrol-dialog.tsx'
import { hostKinds } from './host-requests.ts'

interface Props {
  readonly host: Shown<typeof hostType>
  readonly onRemoved?: () => void
}

export function HostDialogs({ host, onRemoved }: Props) {
  const { place, close } = usePlace()
  if (place.dialog === 'enrol') return <EnrolDialog host={host} onClose={close} />
  if (place.dialog === 'remove') return <RemoveHostDialog host={host} onClose={close} onRemoved={onRemoved ?? close} />
  return null
}

function RemoveHostDialog({ host, onClose, onRemoved }: Required<Props> & { readonly onClose: () => void }) {
  const remove = useChange(() => request('DELETE', `/hosts/${host.id}`), { kinds: hostKinds, done: onRemoved })
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[host.name ?? host.id]}
      effects={removedWith(host)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={onClose}
    />
  )
}

const removedWith = ({ id, name = '' }: Props['host']) =>
  effectsOf(`/hosts/${id}`, async () => {
    const attached = await itemsOf(networkAttachmentType, `/hosts/${id}/networkattachments`)
    const networks = await itemsOf(networkType, '/networks')
    const here = networks.filter((network) => attached.some((each) => each.network?.id === network.id))
    const running = await itemsOf(vmType, '/vms', searchFor(`host=${searchValue(name)}`))
    return [
      { says: effectText.runsVms, names: namesOf(running), isObstacle: true },
      { says: effectText.networksUnmanaged, names: namesOf(here) },
    ]
  })
