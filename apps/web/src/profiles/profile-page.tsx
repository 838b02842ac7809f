// One vNIC profile: what vNICs get by it, and who may use it.

import { networkFilterType, networkType, vnicProfileType } from '@patchbay/ovirt-api/types/networks.ts'
import { nicType, vmType } from '@patchbay/ovirt-api/types/vms.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Permissions } from '../access/permissions.tsx'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { single } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { readResource, type Shown } from '../engine/resource.ts'
import { searchFor, searchValue } from '../engine/search-value.ts'
import { useChange } from '../engine/use-change.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { ConfirmDialog } from '../feedback/confirm-dialog.tsx'
import { effectsOf, itemsOf, namesOf } from '../feedback/effects.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { usePlace } from '../list/place.ts'
import { useRights } from '../rights/use-rights.ts'
import { text as accessText } from '../text/access.ts'
import { text as effectText } from '../text/effects.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/profiles.ts'
import { ProfileDialog } from './profile-dialog.tsx'

type Profile = Shown<typeof vnicProfileType>

export function ProfilePage() {
  const { id } = useParams({ from: '/profiles/$id' })
  const query = useQuery(single(vnicProfileType, `/vnicprofiles/${id}`))
  return <Loaded query={query}>{(profile) => <Page profile={profile} />}</Loaded>
}

function Page({ profile }: { profile: Profile }) {
  const { open } = usePlace()
  const { whyNot } = useRights()
  const network = useQuery(single(networkType, `/networks/${profile.network?.id}`)).data ?? {}
  return (
    <DetailPage
      title={profile.name ?? ''}
      parent={{ to: '/networks', title: text.networks }}
      actions={
        <>
          <ActionButton
            variant="secondary"
            whyNot={whyNot('configure_network_vnic_profile', profile, network)}
            onClick={() => open('edit')}
          >
            {portal.edit}
          </ActionButton>
          <ActionButton
            variant="secondary"
            isDanger
            whyNot={whyNot('delete_network_vnic_profile', profile, network)}
            onClick={() => open('remove')}
          >
            {portal.remove}
          </ActionButton>
        </>
      }
      tabs={[
        { key: 'general', title: text.general, content: <General profile={profile} /> },
        {
          key: 'permissions',
          title: accessText.permissions,
          content: <Permissions of={`/vnicprofiles/${profile.id}`} thing={profile} above={network} />,
        },
      ]}
    >
      <Dialogs profile={profile} />
    </DetailPage>
  )
}

function Dialogs({ profile }: { profile: Profile }) {
  const { place, close } = usePlace()
  const navigate = useNavigate()
  const network = profile.network?.id ?? ''
  const remove = useChange(() => request('DELETE', `/vnicprofiles/${profile.id}`), {
    kinds: ['network', 'event'],
    done: () => void navigate({ to: '/networks/$id', params: { id: network }, search: { tab: 'profiles' } }),
  })
  if (place.dialog === 'edit') return <ProfileDialog networkId={network} profile={profile} onClose={close} />
  if (place.dialog !== 'remove') return null
  return (
    <ConfirmDialog
      title={text.remove}
      question={text.removeQuestion}
      names={[profile.name ?? profile.id]}
      effects={removedWith(profile)}
      verb={portal.remove}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
      onClose={close}
    />
  )
}

/** Those that use it: of the virtual machines on its network. */
const removedWith = ({ id, network }: Profile) =>
  effectsOf(`/vnicprofiles/${id}`, async () => {
    const { name = '' } = readResource(networkType, await request('GET', `/networks/${network?.id}`))
    const onNetwork = await itemsOf(vmType, '/vms', searchFor(`vnic.network_name=${searchValue(name)}`))
    const nics = await Promise.all(onNetwork.map((vm) => itemsOf(nicType, `/vms/${vm.id}/nics`)))
    const users = onNetwork.filter((_vm, index) => nics[index]!.some(({ vnic_profile }) => vnic_profile?.id === id))
    return [{ says: effectText.usedByVms, names: namesOf(users), isObstacle: true }]
  })

function General({ profile }: { profile: Profile }) {
  const networkName = useNames(networkType, '/networks')
  const filterName = useNames(networkFilterType, '/networkfilters')
  const network = profile.network?.id ?? ''
  const isPassing = profile.pass_through?.mode === 'enabled'
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
        [text.networkFilter, filterName(profile.network_filter?.id) || text.noFilter],
        [text.portMirroring, profile.port_mirroring],
        [text.publicUse, profile.public_use],
        [text.passThrough, isPassing],
        ...(isPassing ? [[text.migratable, profile.migratable] as const] : []),
        ...(profile.custom_properties ?? []).map(({ name = '', value = '' }) => [name, value] as const),
      ]}
    />
  )
}
