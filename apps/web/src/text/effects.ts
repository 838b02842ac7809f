const some = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`)

// What goes with a thing, and what keeps it; names follow.
export const text = {
  andMore: (count: number) => ` and ${count} more`,
  notKnown: (why: string) => `What goes with it is not known: ${why}`,
  profiles: (count: number) => `${some(count, 'vNIC profile goes', 'vNIC profiles go')} with it`,
  subnets: (count: number) => `${some(count, 'subnet goes', 'subnets go')} at the provider`,
  networks: (count: number) => `${some(count, 'network goes', 'networks go')} from the engine`,
  networksDetached: (count: number) => `${some(count, 'network is', 'networks are')} detached`,
  networksUnmanaged: (count: number) =>
    `${some(count, 'network stays on the host, unmanaged', 'networks stay on the host, unmanaged')}`,
  nics: (count: number) => `${some(count, 'vNIC goes with its port', 'vNICs go with their ports')}`,
  driversStay: (count: number) => `It stays on ${some(count, 'host', 'hosts')}`,
  permissions: (count: number) => `${some(count, 'permission goes', 'permissions go')} with the user`,
  usedByVms: (count: number) => `It stays while ${some(count, 'virtual machine uses', 'virtual machines use')} it`,
  runsVms: (count: number) => `It stays while ${some(count, 'virtual machine runs', 'virtual machines run')} on it`,
  hasVms: (count: number) => `It stays while ${some(count, 'virtual machine is', 'virtual machines are')} in it`,
  hasHosts: (count: number) => `It stays while ${some(count, 'host is', 'hosts are')} in it`,
  hasClusters: (count: number) => `It stays while ${some(count, 'cluster is', 'clusters are')} in it`,
  isDefault: (count: number) => `It stays while it is the default of ${some(count, 'cluster', 'clusters')}`,
  isAttached: (count: number) => `It stays while it is attached to ${some(count, 'provider', 'providers')}`,
} as const
