import type { NodeKind, NodeStatus } from '@patchbay/ovirt-api/types/topology.ts'

const one: Readonly<Record<NodeKind, string>> = {
  provider: 'Provider',
  network: 'Network',
  port: 'Port',
  nic: 'vNIC',
  vm: 'Virtual machine',
  host: 'Host',
}

const many: Readonly<Record<NodeKind, string>> = {
  provider: 'providers',
  network: 'networks',
  port: 'ports',
  nic: 'vNICs',
  vm: 'VMs',
  host: 'hosts',
}

const states: Readonly<Record<string, string>> = {
  vm_down: 'VM does not run',
  host_away: 'host away',
  vm_unknown: 'VM not known',
  not_connected: 'on no network',
  no_port: 'no port',
  vm_changing: 'VM is changing',
}

const statuses: Readonly<Record<NodeStatus, string>> = {
  up: 'In order',
  changing: 'Changing',
  broken: 'Broken',
  off: 'Off',
  unknown: 'Not known',
}

const counted = (nics: number) => (nics === 1 ? '1 vNIC' : `${nics.toLocaleString('en')} vNICs`)

export const text = {
  title: 'Topology',
  picture: 'Picture',
  table: 'Table',
  view: 'View',
  kinds: one,
  statuses,
  state: (state: string) => states[state] ?? state.replaceAll('_', ' '),
  members: (kind: NodeKind, count: number) =>
    count === 1 ? `1 ${many[kind].slice(0, -1)}` : `${count.toLocaleString('en')} ${many[kind]}`,
  nics: counted,
  broken: (count: number) => `${count.toLocaleString('en')} broken`,
  more: (kind: NodeKind, count: number, of: string) =>
    `${count.toLocaleString('en')} more ${many[kind]}${of && ` of ${of}`}`,
  summary: (nics: number, broken: number) =>
    `${counted(nics)}, ${broken === 0 ? 'none' : broken.toLocaleString('en')} broken`,
  expand: 'Show one by one',
  collapse: (name: string) => `Put what belongs to ${name} together`,
  collapseSign: '−',
  legend: 'Legend',
  knownBy: 'As far as the engine knows by itself. The diagnosis of a vNIC asks its provider and host, too.',
  filter: 'Filter',
  filters: { provider: 'Provider', network: 'Network', cluster: 'Cluster', host: 'Host', vm: 'Virtual machine' },
  filterHint: 'Any',
  filterUnknown: 'There is none of this name',
  onlyBroken: 'Only what is broken',
  oneByOne: 'vNICs one by one',
  clear: 'Clear the filter',
  kind: 'NodeKind',
  name: 'Name',
  status: 'State',
  nicCount: 'vNICs',
  connected: 'Leads to',
  empty: 'Nothing is connected',
  emptyWhy: 'Add a provider, import its networks, and give virtual machines vNICs on them.',
  nothingFound: 'Nothing matches',
  nothingFoundWhy: 'No vNIC is like this.',
  open: 'Topology',
} as const
