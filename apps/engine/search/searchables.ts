// The fields of every collection that can be searched: oVirt's names for them, and the elements' own.
import { bool, constant, hop, number, type Searchable, text, time } from './search-fields.ts'

const toCluster = hop('clusterId', 'cluster')
const toDataCenter = hop('dataCenterId', 'data_center')
const toHost = hop('hostId', 'host')
const toNetwork = hop('networkId', 'network')
const named = { name: text('name'), comment: text('comment') }
const described = { ...named, description: text('description') }

export const dataCenterSearch: Searchable = {
  fields: { ...described, status: constant('up') },
  related: {
    cluster: { hops: [hop('id', 'cluster', 'dataCenterId')], of: () => clusterSearch },
    network: { hops: [hop('id', 'network', 'dataCenterId')], of: () => networkSearch },
  },
}

export const clusterSearch: Searchable = {
  fields: { ...described, switch_type: text('switchType'), datacenter: text('name', toDataCenter) },
  related: {
    datacenter: { hops: [toDataCenter], of: () => dataCenterSearch },
    host: { hops: [hop('id', 'host', 'clusterId')], of: () => hostSearch },
    network: { hops: [hop('id', 'network_cluster', 'clusterId'), toNetwork], of: () => networkSearch },
    vm: { hops: [hop('id', 'vm', 'clusterId')], of: () => vmSearch },
  },
}

export const hostSearch: Searchable = {
  fields: {
    ...named,
    address: text('address'),
    port: number('port'),
    // What an administrator wants with it goes before what its connection says.
    status: { ...text('status'), where: { column: 'duty', is: 'active' }, otherwise: 'duty' },
    cluster: text('name', toCluster),
    datacenter: text('name', toCluster, toDataCenter),
  },
  related: {
    cluster: { hops: [toCluster], of: () => clusterSearch },
    vm: { hops: [hop('id', 'vm', 'hostId')], of: () => vmSearch },
  },
}

export const providerSearch: Searchable = {
  fields: {
    name: text('name'),
    description: text('description'),
    type: text('type'),
    url: text('url'),
    username: text('username'),
    external_plugin_type: text('pluginType'),
    read_only: bool('readOnly'),
    auto_sync: bool('autoSync'),
    unmanaged: bool('unmanaged'),
  },
  related: { network: { hops: [hop('id', 'network', 'providerId')], of: () => networkSearch } },
}

export const networkSearch: Searchable = {
  fields: {
    ...described,
    vlanid: number('vlanId'),
    stp: bool('stp'),
    mtu: number('mtu'),
    vmnetwork: bool('vmNetwork'),
    label: text('label'),
    vdsm_name: text('vdsmName'),
    datacenter: text('name', toDataCenter),
    provider_name: text('name', hop('providerId', 'provider')),
    qos_name: constant(''),
  },
  related: {
    datacenter: { hops: [toDataCenter], of: () => dataCenterSearch },
    cluster: { hops: [hop('id', 'network_cluster', 'networkId'), toCluster], of: () => clusterSearch },
  },
}

export const vnicProfileSearch: Searchable = {
  fields: {
    ...described,
    network: text('name', toNetwork),
    datacenter: text('name', toNetwork, toDataCenter),
  },
  related: { network: { hops: [toNetwork], of: () => networkSearch } },
}

export const vmSearch: Searchable = {
  fields: {
    ...described,
    status: text('status'),
    status_detail: text('statusDetail'),
    memory: number('memory'),
    cluster: text('name', toCluster),
    datacenter: text('name', toCluster, toDataCenter),
    host: text('name', toHost),
    template: text('name', hop('templateId', 'template')),
  },
  related: {
    cluster: { hops: [toCluster], of: () => clusterSearch },
    host: { hops: [toHost], of: () => hostSearch },
    vnic: { hops: [hop('id', 'nic', 'vmId')], of: () => nicSearch },
    datacenter: { hops: [toCluster, toDataCenter], of: () => dataCenterSearch },
  },
}

export const templateSearch: Searchable = {
  fields: {
    ...described,
    memory: number('memory'),
    status: constant('ok'),
    cluster: text('name', toCluster),
    datacenter: text('name', toCluster, toDataCenter),
  },
  related: { vm: { hops: [hop('id', 'vm', 'templateId')], of: () => vmSearch } },
}

export const macPoolSearch: Searchable = {
  fields: { ...described, allow_duplicates: bool('allowDuplicates'), default_pool: bool('defaultPool') },
}

export const userSearch: Searchable = {
  fields: {
    name: text('firstName'),
    lastname: text('lastName'),
    usrname: text('userName'),
    email: text('email'),
    department: text('department'),
  },
}

/** Only as something that a VM has. */
export const nicSearch: Searchable = {
  fields: {
    name: text('name'),
    mac: text('mac'),
    plugged: bool('plugged'),
    linked: bool('linked'),
    network_name: text('name', hop('profileId', 'vnic_profile'), toNetwork),
  },
}

export const eventSearch: Searchable = {
  newestFirst: true,
  counted: number('sequence'),
  fields: {
    index: number('sequence'),
    user: text('userName'),
    origin: text('origin'),
    type: number('code'),
    code: number('code'),
    severity: text('severity'),
    message: text('description'),
    description: text('description'),
    time: time('time'),
    correlation_id: text('correlationId'),
    event_vm: text('vmName'),
    event_host: text('hostName'),
    event_cluster: text('clusterName'),
    event_datacenter: text('dataCenterName'),
    event_template: text('templateName'),
  },
  related: {
    vm: { hops: [hop('vmId', 'vm')], of: () => vmSearch },
    host: { hops: [toHost], of: () => hostSearch },
    cluster: { hops: [toCluster], of: () => clusterSearch },
    datacenter: { hops: [toDataCenter], of: () => dataCenterSearch },
    template: { hops: [hop('templateId', 'template')], of: () => templateSearch },
  },
}
