export const text = {
  providers: 'External providers',
  networks: 'Networks',
  vms: 'Virtual machines',
  hosts: 'Hosts',
  clusters: 'Clusters',
  dataCenters: 'Data centers',
  topology: 'Topology',
  events: 'Events',
  jobs: 'Jobs',
} as const
