// One network: what it is, and what belongs to it here and at its provider.

import { dataCenterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Permissions } from '../access/permissions.tsx'
import { Addresses } from '../addresses/addresses.tsx'
import { NetworkTraffic } from '../charts/traffic.tsx'
import { DetailPage, type PageTab } from '../detail/detail-page.tsx'
import { Facts } from '../detail/facts.tsx'
import { single } from '../engine/queries.ts'
import type { Shown } from '../engine/resource.ts'
import { useNames } from '../engine/use-names.ts'
import { ActionButton } from '../feedback/action-button.tsx'
import { Loaded } from '../feedback/loaded.tsx'
import { usePlace } from '../list/place.ts'
import { useRights } from '../rights/use-rights.ts'
import { Subnets } from '../subnets/subnets.tsx'
import { text as accessText } from '../text/access.ts'
import { text as addressText } from '../text/addresses.ts'
import { text as chartText } from '../text/charts.ts'
import { text } from '../text/networks.ts'
import { text as subnetText } from '../text/subnets.ts'
import { TopologyLink } from '../topology/topology-link.tsx'
import { EditNetworkDialog } from './edit-network-dialog.tsx'
import { NetworkClusters } from './network-clusters.tsx'
import { networkLabel } from './network-label.ts'
import { NetworkPorts } from './network-ports.tsx'
import { NetworkProfiles } from './network-profiles.tsx'
import { NetworkVms } from './network-vms.tsx'
import { RemoveNetworksDialog } from './remove-networks-dialog.tsx'

type Network = Shown<typeof networkType>
type Provider = Shown<typeof providerType>

export function NetworkPage() {
  const { id } = useParams({ from: '/networks/$id' })
  const query = useQuery(single(networkType, `/networks/${id}`))
  return <Loaded query={query}>{(network) => <Page network={network} />}</Loaded>
}

function Page({ network }: { network: Network }) {
  const { open } = usePlace()
  const { isAdministrator, whyNot } = useRights()
  const dataCenterName = useNames(dataCenterType, '/datacenters')(network.data_center?.id)
  const providerId = network.external_provider?.id
  const { data: provider } = useQuery({
    ...single(providerType, `/openstacknetworkproviders/${providerId}`),
    enabled: isAdministrator && providerId !== undefined,
  })
  return (
    <DetailPage
      title={network.name ?? ''}
      parent={{ to: '/networks', title: text.title }}
      actions={
        <>
          <TopologyLink filter={{ network: network.id }} />
          <ActionButton
            variant="secondary"
            whyNot={whyNot('configure_storage_pool_network', network)}
            onClick={() => open('edit')}
          >
            {text.edit}
          </ActionButton>
          <ActionButton
            variant="secondary"
            isDanger
            whyNot={whyNot('delete_storage_pool_network', network)}
            onClick={() => open('remove')}
          >
            {text.remove}
          </ActionButton>
        </>
      }
      tabs={[
        {
          key: 'general',
          title: text.general,
          content: <General network={network} provider={provider} dataCenterName={dataCenterName} />,
        },
        ...externalTabs(network, provider),
        { key: 'profiles', title: text.profiles, content: <NetworkProfiles network={network} /> },
        {
          key: 'clusters',
          title: text.clusters,
          content: <NetworkClusters network={network} dataCenterName={dataCenterName} />,
        },
        { key: 'vms', title: text.vms, content: <NetworkVms network={network} dataCenterName={dataCenterName} /> },
        // Of all its vNICs, whoever has them.
        ...(isAdministrator
          ? [
              {
                key: 'traffic',
                title: chartText.title,
                content: <NetworkTraffic id={network.id} name={network.name ?? ''} />,
              },
            ]
          : []),
        {
          key: 'permissions',
          title: accessText.permissions,
          content: <Permissions of={`/networks/${network.id}`} thing={network} />,
        },
      ]}
    >
      <Dialogs network={network} />
    </DetailPage>
  )
}

/** Of networks whose provider can be asked. */
function externalTabs(network: Network, provider: Provider | undefined): readonly PageTab[] {
  if (!provider || provider.unmanaged || !network.external_id) return []
  const path = `/openstacknetworkproviders/${provider.id}/networks/${encodeURIComponent(network.external_id)}`
  const isReadOnly = provider.type === 'external' && (provider.read_only ?? true)
  return [
    {
      key: 'subnets',
      title: subnetText.title,
      content: <Subnets path={`${path}/subnets`} network={network} isReadOnly={isReadOnly} />,
    },
    { key: 'addresses', title: addressText.title, content: <Addresses path={path} network={network} /> },
    { key: 'ports', title: text.ports, content: <NetworkPorts path={`${path}/ports`} network={network} /> },
  ]
}

function Dialogs({ network }: { network: Network }) {
  const { place, close } = usePlace()
  const navigate = useNavigate()
  if (place.dialog === 'edit') return <EditNetworkDialog network={network} onClose={close} />
  if (place.dialog === 'remove')
    return (
      <RemoveNetworksDialog networks={[network]} onClose={close} onRemoved={() => void navigate({ to: '/networks' })} />
    )
  return null
}

interface GeneralProps {
  readonly network: Network
  readonly provider: Provider | undefined
  readonly dataCenterName: string
}

function General({ network, provider, dataCenterName }: GeneralProps) {
  const { data: label } = useQuery(networkLabel(network))
  const providerLink = provider && (
    <Link to="/providers/$id" params={{ id: provider.id }}>
      {provider.name}
    </Link>
  )
  return (
    <Facts
      facts={[
        [text.name, network.name],
        [text.description, network.description],
        [text.comment, network.comment],
        [text.dataCenter, dataCenterName],
        [text.provider, providerLink],
        [text.externalId, network.external_id],
        [text.mtu, network.mtu || text.mtuDefault],
        [text.vlan, network.vlan?.id],
        [text.vmNetwork, network.usages?.includes('vm') ?? false],
        [text.portIsolation, network.port_isolation],
        [text.dnsServers, network.dns_resolver_configuration?.name_servers?.join(', ')],
        [text.hostName, network.vdsm_name],
        [text.label, label],
      ]}
    />
  )
}
