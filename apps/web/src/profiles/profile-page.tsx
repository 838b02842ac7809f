// One vNIC profile: what vNICs get by it, and who may use it.
import { networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Permissions } from '../access/permissions.tsx'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { Loaded } from '../detail/loaded.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { text as accessText } from '../text/access.ts'
import { text } from '../text/profiles.ts'

type Profile = Shown<typeof vnicProfileType>

export function ProfilePage() {
  const { id } = useParams({ from: '/profiles/$id' })
  const query = useQuery(single(vnicProfileType, `/vnicprofiles/${id}`))
  return <Loaded query={query}>{(profile) => <Page profile={profile} />}</Loaded>
}

function Page({ profile }: { profile: Profile }) {
  return (
    <DetailPage
      title={profile.name ?? ''}
      parent={{ to: '/networks', title: text.networks }}
      tabs={[
        { key: 'general', title: text.general, content: <General profile={profile} /> },
        {
          key: 'permissions',
          title: accessText.permissions,
          content: <Permissions of={`/vnicprofiles/${profile.id}`} id={profile.id} />,
        },
      ]}
    />
  )
}

function General({ profile }: { profile: Profile }) {
  const networkName = useNames(networkType, '/networks')
  const network = profile.network?.id ?? ''
  const networkLink = (
    <Link to="/networks/$id" params={{ id: network }} search={{ tab: 'profiles' }}>
      {networkName(network)}
    </Link>
  )
  return (
    <Facts
      facts={[
        [text.name, profile.name],
        [text.description, profile.description],
        [text.network, networkLink],
        [text.publicUse, profile.public_use],
        [text.passThrough, profile.pass_through?.mode === 'enabled'],
        ...(profile.custom_properties ?? []).map(({ name = '', value = '' }) => [name, value] as const),
      ]}
    />
  )
}
