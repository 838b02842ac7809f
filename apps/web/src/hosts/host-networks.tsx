// The networks that are attached to a host's interfaces: as they should be, or not.
import { networkAttachmentType } from '@patchbay/ovirt-api/types/host-networks.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Label, List, ListItem, Tooltip } from '@patternfly/react-core'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import type { Column, RowAction } from '../list/resource-table.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/hosts.ts'
import { text as portal } from '../text/portal.ts'
import { AttachmentDialog } from './attachment-dialog.tsx'
import { hostKinds, runAction, setUpNetworks } from './host-requests.ts'
import { type Attachment, detachRequest, syncRequest } from './network-setup.ts'

type Host = Shown<typeof hostType>

export function HostNetworks({ host }: { host: Host }) {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const whyNotHere = whyNot('configure_host_network', host)
  const networkName = useNames(networkType, '/networks')
  const setUp = useChange((body: object) => setUpNetworks(host.id, body), { kinds: hostKinds })
  const action = useChange((name: 'commitnetconfig' | 'syncallnetworks') => runAction(host.id, name), {
    kinds: hostKinds,
  })
  const error = setUp.error ?? action.error
  const rowActions = ({ id, in_sync }: Attachment): readonly RowAction[] => [
    {
      title: text.editAttachment,
      whyNot: whyNotHere ?? (in_sync ? undefined : text.outOfSync),
      run: () => open('edit', id),
    },
    {
      title: text.synchronize,
      whyNot: whyNotHere ?? (in_sync ? text.isInSync : undefined),
      run: () => setUp.mutate(syncRequest(id)),
    },
    { title: text.detach, isDanger: true, whyNot: whyNotHere, run: () => open('detach', id) },
  ]
  return (
    <>
      {error && <FailureAlert error={error} title={portal.notDone} />}
      <RelatedTable
        label={text.networks}
        type={networkAttachmentType}
        path={`/hosts/${host.id}/networkattachments`}
        columns={columns(networkName)}
        rowActions={rowActions}
        actions={
          <div className="page-actions">
            <ActionButton whyNot={whyNotHere} onClick={() => open('attach')}>
              {text.attach}
            </ActionButton>
            <ActionButton variant="secondary" whyNot={whyNotHere} onClick={() => action.mutate('syncallnetworks')}>
              {text.synchronizeAll}
            </ActionButton>
            <SaveConfig whyNot={whyNotHere} onClick={() => action.mutate('commitnetconfig')} />
          </div>
        }
        empty={{ title: text.noNetworks, body: text.noNetworksWhy }}
      >
        {(attachments) => {
          const attachment = attachments.find(({ id }) => id === place.of)
          const name = networkName(attachment?.network?.id)
          if (place.dialog === 'attach')
            return <AttachmentDialog host={host} attachments={attachments} onClose={close} />
          if (!attachment) return null
          if (place.dialog === 'edit')
            return <AttachmentDialog host={host} attachments={attachments} changed={attachment} onClose={close} />
          return (
            place.dialog === 'detach' && (
              <DetachDialog hostId={host.id} id={attachment.id} name={name} onClose={close} />
            )
          )
        }}
      </RelatedTable>
    </>
  )
}

function SaveConfig(given: { readonly whyNot: string | undefined; readonly onClick: () => void }) {
  const button = (
    <ActionButton variant="secondary" {...given}>
      {text.saveConfig}
    </ActionButton>
  )
  return given.whyNot === undefined ? <Tooltip content={text.saveConfigHelp}>{button}</Tooltip> : button
}

const columns = (networkName: (id: string | undefined) => string): readonly Column<Attachment>[] => [
  { title: text.network, cell: ({ network }) => networkName(network?.id) },
  { title: text.nic, cell: ({ host_nic }) => host_nic?.name },
  {
    title: text.addresses,
    cell: ({ ip_address_assignments = [] }) =>
      ip_address_assignments.map(({ assignment_method, ip }) => ip?.address ?? assignment_method).join(', '),
  },
  {
    title: text.inSync,
    cell: ({ in_sync }) => (
      <Label isCompact variant="outline" status={in_sync ? 'success' : 'warning'}>
        {in_sync ? text.inSyncYes : text.inSyncNo}
      </Label>
    ),
  },
  { title: text.differences, cell: differencesOf },
]

function differencesOf({ reported_configurations = [] }: Attachment) {
  const wrong = reported_configurations.filter(({ in_sync }) => !in_sync)
  return (
    <List isPlain>
      {wrong.map(({ name = '', expected_value = '', actual_value = '' }) => (
        <ListItem key={name}>{text.difference(name, expected_value, actual_value)}</ListItem>
      ))}
    </List>
  )
}

interface DetachProps {
  readonly hostId: string
  readonly id: string
  readonly name: string
  readonly onClose: () => void
}

function DetachDialog({ hostId, id, name, onClose }: DetachProps) {
  const detach = useChange(() => setUpNetworks(hostId, detachRequest(id)), { kinds: hostKinds, done: onClose })
  return (
    <ConfirmDialog
      title={text.detach}
      question={text.detachQuestion}
      names={[name]}
      verb={text.detach}
      isBusy={detach.isPending}
      error={detach.error}
      onConfirm={() => detach.mutate(undefined)}
      onClose={onClose}
    />
  )
}
