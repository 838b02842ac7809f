export const text = {
  title: 'Clusters',
  name: 'Name',
  dataCenter: 'Data center',
  switchType: 'Switch type',
  switchTypes: { legacy: 'Linux bridge', ovs: 'Open vSwitch' },
  description: 'Description',
  setProvider: 'Default network provider',
  setProviderTitle: (name: string) => `Default network provider of ${name}`,
  noProvider: 'No Default Provider',
  reinstall: 'Its hosts must be reinstalled when this changes.',
  empty: 'No cluster yet',
  emptyWhy: 'Clusters hold hosts and virtual machines. Add one with the API.',
} as const
