// The map of the portal: every place, and the file of its page. Pages are loaded when one goes there.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Busy } from '../feedback/busy.tsx'
import { readPlace } from '../list/place.ts'
import { readTopologyPlace } from '../topology/topology-place.ts'
import { Home } from './home.tsx'
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
  component: lazyRouteComponent(() => import('../providers/providers-page.tsx'), 'ProvidersPage'),
})
const provider = createRoute({
  ...at,
  path: '/providers/$id',
  component: lazyRouteComponent(() => import('../providers/provider-page.tsx'), 'ProviderPage'),
})
const networks = createRoute({
  ...at,
  path: '/networks',
  component: lazyRouteComponent(() => import('../networks/networks-page.tsx'), 'NetworksPage'),
})
const network = createRoute({
  ...at,
  path: '/networks/$id',
  component: lazyRouteComponent(() => import('../networks/network-page.tsx'), 'NetworkPage'),
})
const profile = createRoute({
  ...at,
  path: '/profiles/$id',
  component: lazyRouteComponent(() => import('../profiles/profile-page.tsx'), 'ProfilePage'),
})
const vms = createRoute({
  ...at,
  path: '/vms',
  component: lazyRouteComponent(() => import('../vms/vms-page.tsx'), 'VmsPage'),
})
const vm = createRoute({
  ...at,
  path: '/vms/$id',
  component: lazyRouteComponent(() => import('../vms/vm-page.tsx'), 'VmPage'),
})
const hosts = createRoute({
  ...at,
  path: '/hosts',
  component: lazyRouteComponent(() => import('../hosts/hosts-page.tsx'), 'HostsPage'),
})
const host = createRoute({
  ...at,
  path: '/hosts/$id',
  component: lazyRouteComponent(() => import('../hosts/host-page.tsx'), 'HostPage'),
})
const dataCenters = createRoute({
  ...at,
  path: '/data-centers',
  component: lazyRouteComponent(() => import('../data-centers/data-centers-page.tsx'), 'DataCentersPage'),
})
const clusters = createRoute({
  ...at,
  path: '/clusters',
  component: lazyRouteComponent(() => import('../clusters/clusters-page.tsx'), 'ClustersPage'),
})
const users = createRoute({
  ...at,
  path: '/users',
  component: lazyRouteComponent(() => import('../access/users-page.tsx'), 'UsersPage'),
})
const user = createRoute({
  ...at,
  path: '/users/$id',
  component: lazyRouteComponent(() => import('../access/user-page.tsx'), 'UserPage'),
})
const roles = createRoute({
  ...at,
  path: '/roles',
  component: lazyRouteComponent(() => import('../access/roles-page.tsx'), 'RolesPage'),
})
const drivers = createRoute({
  ...at,
  path: '/drivers',
  component: lazyRouteComponent(() => import('../drivers/drivers-page.tsx'), 'DriversPage'),
})
const driver = createRoute({
  ...at,
  path: '/drivers/$id',
  component: lazyRouteComponent(() => import('../drivers/driver-page.tsx'), 'DriverPage'),
})
const jobs = createRoute({
  ...at,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../jobs/jobs-page.tsx'), 'JobsPage'),
})
const diagnosis = createRoute({
  ...at,
  path: '/vms/$vm/nics/$nic/diagnosis',
  component: lazyRouteComponent(() => import('../diagnosis/diagnosis-page.tsx'), 'DiagnosisPage'),
})
const topology = createRoute({
  ...at,
  path: '/topology',
  validateSearch: readTopologyPlace,
  component: lazyRouteComponent(() => import('../topology/topology-page.tsx'), 'TopologyPage'),
})
const events = createRoute({
  ...at,
  path: '/events',
  component: lazyRouteComponent(() => import('../events/events-page.tsx'), 'EventsPage'),
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
