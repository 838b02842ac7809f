// Where the services are, as tokens tell it: clients take the endpoint of the Networking API from here.
import { idOf } from '../users/own-users.ts'

export interface Endpoints {
  /** Of the Networking API, without a version. */
  readonly network: string
  /** Of the Identity API, without a version. */
  readonly identity: string
}

const region = 'RegionOne'
const interfaces = ['public', 'internal', 'admin'] as const

/** In the shape of v3. */
export function catalogV3({ network, identity }: Endpoints): object[] {
  return services({ network, identity: `${identity}/v3` }).map(({ type, name, url }) => ({
    id: idOf('project', `service:${type}`),
    type,
    name,
    endpoints: interfaces.map((each) => ({
      id: idOf('project', `endpoint:${type}:${each}`),
      interface: each,
      region,
      region_id: region,
      url,
    })),
  }))
}

/** In the shape of v2.0. */
export function catalogV2({ network, identity }: Endpoints): object[] {
  return services({ network, identity: `${identity}/v2.0` }).map(({ type, name, url }) => ({
    type,
    name,
    endpoints: [{ region, publicURL: url, internalURL: url, adminURL: url }],
    endpoints_links: [],
  }))
}

const services = ({ network, identity }: Endpoints) => [
  { type: 'network', name: 'neutron', url: network },
  { type: 'identity', name: 'keystone', url: identity },
]
