// The vNIC profiles of a network.
import { networkFilterType, type networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { Link } from '@tanstack/react-router'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { usePlace } from '../list/place.ts'
import { RelatedTable } from '../list/related-table.tsx'
import { ProfileDialog } from '../profiles/profile-dialog.tsx'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/networks.ts'
import { text as portal } from '../text/portal.ts'
import { text as profileText } from '../text/profiles.ts'

export function NetworkProfiles({ network }: { network: Shown<typeof networkType> }) {
  const { place, open, close } = usePlace()
  const { whyNot } = useRights()
  const networkId = network.id
  const filterName = useNames(networkFilterType, '/networkfilters')
  return (
    <RelatedTable
      label={text.profiles}
      type={vnicProfileType}
      path={`/networks/${networkId}/vnicprofiles`}
      columns={[
        {
          title: text.name,
          cell: ({ id, name }) => (
            <Link to="/profiles/$id" params={{ id }}>
              {name}
            </Link>
          ),
        },
        { title: text.description, cell: ({ description }) => description },
        { title: text.networkFilter, cell: ({ network_filter }) => filterName(network_filter?.id) || portal.none },
        { title: text.portMirroring, cell: ({ port_mirroring }) => (port_mirroring ? portal.yes : portal.no) },
        { title: text.publicUse, cell: ({ public_use }) => (public_use ? portal.yes : portal.no) },
      ]}
      actions={
        <ActionButton whyNot={whyNot('create_network_vnic_profile', network)} onClick={() => open('add-profile')}>
          {profileText.add}
        </ActionButton>
      }
      empty={{ title: text.profilesEmpty, body: text.profilesEmptyWhy }}
    >
      {() => place.dialog === 'add-profile' && <ProfileDialog networkId={networkId} onClose={close} />}
    </RelatedTable>
  )
}
