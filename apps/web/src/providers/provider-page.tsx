// One provider: what it is, and its networks that the engine has.

import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { DetailPage } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { ProviderDriver } from '../drivers/provider-driver.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { ImportDialog } from '../import/import-dialog.tsx'
import { usePlace } from '../list/place.ts'
import { useRights } from '../rights/use-rights.ts'
import { text as driverText } from '../text/drivers.ts'
import { text } from '../text/providers.ts'
import { TopologyLink } from '../topology/topology-link.tsx'
import { ProviderDialog } from './provider-dialog.tsx'
import { ProviderNetworks } from './provider-networks.tsx'
import { providersPath } from './provider-requests.ts'
import { RemoveProviderDialog } from './remove-provider-dialog.tsx'

type Provider = Shown<typeof providerType>

export function ProviderPage() {
  const { id } = useParams({ from: '/providers/$id' })
  const query = useQuery(single(providerType, `${providersPath}/${id}`))
  return <Loaded query={query}>{(provider) => <Page provider={provider} />}</Loaded>
}

function Page({ provider }: { provider: Provider }) {
  const { open } = usePlace()
  const whyNot = useRights().whyNot('create_storage_pool_network')
  return (
    <DetailPage
      title={provider.name ?? ''}
      parent={{ to: '/providers', title: text.title }}
      status={provider.status}
      statusDetail={provider.status_detail}
      actions={
        <>
          <TopologyLink filter={{ provider: provider.id }} />
          <ActionButton variant="secondary" whyNot={whyNot} onClick={() => open('edit')}>
            {text.edit}
          </ActionButton>
          <ActionButton variant="secondary" isDanger whyNot={whyNot} onClick={() => open('remove')}>
            {text.remove}
          </ActionButton>
        </>
      }
      tabs={[
        { key: 'general', title: text.general, content: <Facts facts={factsOf(provider)} /> },
        { key: 'networks', title: text.networks, content: <ProviderNetworks provider={provider} /> },
        { key: 'driver', title: driverText.onProvider, content: <ProviderDriver provider={provider} /> },
      ]}
    >
      <Dialogs provider={provider} />
    </DetailPage>
  )
}

function Dialogs({ provider }: { provider: Provider }) {
  const { place, close } = usePlace()
  const navigate = useNavigate()
  const leave = () => void navigate({ to: '/providers' })
  if (place.dialog === 'edit') return <ProviderDialog provider={provider} onClose={close} />
  if (place.dialog === 'remove') return <RemoveProviderDialog provider={provider} onClose={close} onRemoved={leave} />
  if (place.dialog === 'import') return <ImportDialog providerId={provider.id} onClose={close} />
  return null
}

const factsOf = (provider: Provider) =>
  [
    [text.name, provider.name],
    [text.type, text.types[provider.type ?? 'external']],
    [text.description, provider.description],
    [text.url, provider.url],
    [text.plugin, provider.external_plugin_type],
    [text.readOnly, provider.read_only],
    [text.autoSync, provider.auto_sync],
    [text.unmanaged, provider.unmanaged],
    [text.requiresAuthentication, provider.requires_authentication],
    [text.username, provider.username],
    [text.authenticationUrl, provider.authentication_url],
    [text.tenant, provider.tenant_name],
  ] as const
