export const text = {
  providers: 'External providers',
  networks: 'Networks',
  vms: 'Virtual machines',
  hosts: 'Hosts',
  clusters: 'Clusters',
  topology: 'Topology',
  events: 'Events',
  jobs: 'Jobs',
} as const
