// What a role allows.
import { permitType, type roleType } from '@patchbay/ovirt-api/types/access.ts'
import { List, ListItem, Modal, ModalBody, ModalHeader } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { text } from '../text/access.ts'

interface Props {
  readonly role: Shown<typeof roleType>
  readonly onClose: () => void
}

export function PermitsDialog({ role, onClose }: Props) {
  const permits = useQuery(collection(permitType, `/roles/${role.id}/permits`))
  return (
    <Modal variant="small" isOpen onClose={onClose} aria-labelledby="permits-title">
      <ModalHeader title={text.permitsOf(role.name ?? '')} labelId="permits-title" description={role.description} />
      <ModalBody tabIndex={0} aria-label={text.permits}>
        <Loaded query={permits}>
          {(all) => (
            <List isPlain>
              {all.map(({ id, name }) => (
                <ListItem key={id}>{name}</ListItem>
              ))}
            </List>
          )}
        </Loaded>
      </ModalBody>
    </Modal>
  )
}
