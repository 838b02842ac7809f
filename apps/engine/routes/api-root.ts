// The root of the API: what product this is, how much of everything there is, and where to find it.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { FastifyInstance } from 'fastify'
import type { Access } from '../access/access.ts'
import { visibleRows } from '../access/visibility.ts'
import type { Store } from '../store/store.ts'
import { Answer } from './http/formats.ts'

const collections = [
  'clusterlevels',
  'clusters',
  'datacenters',
  'domains',
  'events',
  'groups',
  'hosts',
  'jobs',
  'macpools',
  'networkfilters',
  'networks',
  'openstacknetworkproviders',
  'permissions',
  'roles',
  'templates',
  'users',
  'vms',
  'vnicprofiles',
]

export function registerApiRoot(app: FastifyInstance, store: Store, access: Access): void {
  app.get(apiPath, async () => {
    const rights = await access.current()
    const seen = (kind: 'vm' | 'host') => {
      const where = rights && visibleRows(kind, rights)
      return where ? { where } : {}
    }
    const [vms, hosts] = await Promise.all([store.vms.select(seen('vm')), store.hosts.select(seen('host'))])
    const count = (all: readonly { status: string }[]) => ({
      active: String(all.filter(({ status }) => status === 'up').length),
      total: String(all.length),
    })
    return new Answer('api', {
      link: collections.map((rel) => ({ rel, href: `${apiPath}/${rel}` })),
      product_info: {
        name: 'Patchbay',
        vendor: 'Patchbay',
        version: { major: '4', minor: '5', build: '0', full_version: '4.5.0-patchbay' },
      },
      summary: { vms: count(vms), hosts: count(hosts) },
      ...(rights && { authenticated_user: { id: rights.userId, href: `${apiPath}/users/${rights.userId}` } }),
      time: new Date().toISOString(),
    })
  })
}
