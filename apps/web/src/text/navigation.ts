export const text = {
  providers: 'External providers',
  networks: 'Networks',
  vms: 'Virtual machines',
  hosts: 'Hosts',
  clusters: 'Clusters',
  events: 'Events',
  jobs: 'Jobs',
} as const
