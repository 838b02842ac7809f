// The map of the portal: every place, and the file of its page. Pages are loaded when one goes there.
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { Busy } from '../feedback/busy.tsx'
import { readPlace } from '../list/place.ts'
import { readTopologyPlace } from '../topology/topology-place.ts'
import { Home } from './home.tsx'
import { page } from './page.ts'
import { Shell } from './shell.tsx'
import { PageFailed, UnknownPage } from './unknown-page.tsx'

const root = createRootRoute({ component: Shell, validateSearch: readPlace })
const at = { getParentRoute: () => root } as const

const home = createRoute({
  ...at,
  path: '/',
  component: Home,
})
const providers = createRoute({
  ...at,
  path: '/providers',
  component: page(() => import('../providers/providers-page.tsx'), 'ProvidersPage'),
})
const provider = createRoute({
  ...at,
  path: '/providers/$id',
  component: page(() => import('../providers/provider-page.tsx'), 'ProviderPage'),
})
const networks = createRoute({
  ...at,
  path: '/networks',
  component: page(() => import('../networks/networks-page.tsx'), 'NetworksPage'),
})
const network = createRoute({
  ...at,
  path: '/networks/$id',
  component: page(() => import('../networks/network-page.tsx'), 'NetworkPage'),
})
const profile = createRoute({
  ...at,
  path: '/profiles/$id',
  component: page(() => import('../profiles/profile-page.tsx'), 'ProfilePage'),
})
const vms = createRoute({
  ...at,
  path: '/vms',
  component: page(() => import('../vms/vms-page.tsx'), 'VmsPage'),
})
const vm = createRoute({
  ...at,
  path: '/vms/$id',
  component: page(() => import('../vms/vm-page.tsx'), 'VmPage'),
})
const hosts = createRoute({
  ...at,
  path: '/hosts',
  component: page(() => import('../hosts/hosts-page.tsx'), 'HostsPage'),
})
const host = createRoute({
  ...at,
  path: '/hosts/$id',
  component: page(() => import('../hosts/host-page.tsx'), 'HostPage'),
})
const dataCenters = createRoute({
  ...at,
  path: '/data-centers',
  component: page(() => import('../data-centers/data-centers-page.tsx'), 'DataCentersPage'),
})
const clusters = createRoute({
  ...at,
  path: '/clusters',
  component: page(() => import('../clusters/clusters-page.tsx'), 'ClustersPage'),
})
const users = createRoute({
  ...at,
  path: '/users',
  component: page(() => import('../access/users-page.tsx'), 'UsersPage'),
})
const user = createRoute({
  ...at,
  path: '/users/$id',
  component: page(() => import('../access/user-page.tsx'), 'UserPage'),
})
const roles = createRoute({
  ...at,
  path: '/roles',
  component: page(() => import('../access/roles-page.tsx'), 'RolesPage'),
})
const drivers = createRoute({
  ...at,
  path: '/drivers',
  component: page(() => import('../drivers/drivers-page.tsx'), 'DriversPage'),
})
const driver = createRoute({
  ...at,
  path: '/drivers/$id',
  component: page(() => import('../drivers/driver-page.tsx'), 'DriverPage'),
})
const jobs = createRoute({
  ...at,
  path: '/jobs',
  component: page(() => import('../jobs/jobs-page.tsx'), 'JobsPage'),
})
const diagnosis = createRoute({
  ...at,
  path: '/vms/$vm/nics/$nic/diagnosis',
  component: page(() => import('../diagnosis/diagnosis-page.tsx'), 'DiagnosisPage'),
})
const topology = createRoute({
  ...at,
  path: '/topology',
  validateSearch: readTopologyPlace,
  component: page(() => import('../topology/topology-page.tsx'), 'TopologyPage'),
})
const events = createRoute({
  ...at,
  path: '/events',
  component: page(() => import('../events/events-page.tsx'), 'EventsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    providers,
    provider,
    networks,
    network,
    profile,
    vms,
    vm,
    hosts,
    host,
    dataCenters,
    clusters,
    topology,
    diagnosis,
    drivers,
    driver,
    events,
    jobs,
    users,
    user,
    roles,
  ]),
  basepath: '/ovirt-engine/webadmin',
  defaultPreload: 'intent',
  defaultPendingComponent: Busy,
  defaultNotFoundComponent: UnknownPage,
  defaultErrorComponent: PageFailed,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
