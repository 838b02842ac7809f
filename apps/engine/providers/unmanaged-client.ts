// A provider that nobody asks: its networks are those the engine knows, and ports are somebody else's business.
import { randomUUID } from 'node:crypto'
import type { NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { ProviderError } from '@patchbay/networking-api/client/provider-error.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Store } from '../store/store.ts'

/** As in the real engine, where the flag means nothing for OpenStack providers. */
export const isUnmanaged = ({ type, unmanaged }: Pick<Provider, 'type' | 'unmanaged'>) =>
  unmanaged && type === 'external'

/** Does what can be done without a provider: networks get an id of their own, ports none. */
export function createUnmanagedClient({ networks }: Store, providerId: string): NetworkingClient {
  const known = async () => {
    const rows = await networks.find({ providerId })
    const byId = new Map(rows.map(({ externalId, name, mtu }) => [externalId, { id: externalId, name, mtu }]))
    return [...byId.values()]
  }
  const listed = async ({ id }: { id?: string } = {}) =>
    (await known()).filter((each) => id === undefined || each.id === id)
  return {
    test: async () => {},
    networks: {
      list: listed,
      async *pages(filters) {
        yield await listed(filters)
      },
      async get(id) {
        const network = (await known()).find((each) => each.id === id)
        return network ?? refuse(`has no network ${id}`, 404)
      },
      create: async (attributes) => ({ ...attributes, id: randomUUID() }),
      update: async (id, attributes) => ({ ...attributes, id }),
      remove: async () => true,
    },
    subnets: {
      list: async () => [],
      async *pages() {},
      get: async () => refuse('has no subnets', 404),
      create: async () => refuse('has no subnets'),
      update: async () => refuse('has no subnets'),
      remove: async () => refuse('has no subnets'),
    },
    ports: {
      list: async () => [],
      async *pages() {},
      get: async () => refuse('has no ports', 404),
      create: async (attributes) => ({ ...attributes, id: '' }),
      update: async (id) => ({ id }),
      remove: async () => true,
    },
    bindings: {
      areOffered: async () => false,
      prepare: async () => {},
      activate: async () => false,
      remove: async () => false,
    },
    send: async () => refuse('cannot be asked'),
  }
}

function refuse(what: string, status?: number): never {
  throw new ProviderError('rejected', `The provider is unmanaged: it ${what}.`, status === undefined ? {} : { status })
}
