// By which address hosts reach each other's networks. What a host said last holds; it is kept until it is removed.
import type { TunnelEndpoint } from '@patchbay/networking-api/resources/tunnel-endpoints.ts'
import type { Backend } from '../backends/backend.ts'

export interface TunnelEndpoints {
  /** In the order of the hosts' names. */
  list(): TunnelEndpoint[]
  set(endpoint: TunnelEndpoint): Promise<TunnelEndpoint>
  /** Succeeds when there is none. */
  remove(host: string): Promise<void>
}

const prefix = 'tunnel-endpoint/'

export const createTunnelEndpoints = (backend: Backend): TunnelEndpoints => ({
  list: () => backend.state.settings.entries(prefix).map(([, endpoint]) => endpoint as TunnelEndpoint),
  set: (endpoint) =>
    backend.write(({ settings }) => {
      settings.set(prefix + endpoint.host, endpoint)
      return endpoint
    }),
  remove: (host) => backend.write(({ settings }) => settings.remove(prefix + host)),
})
