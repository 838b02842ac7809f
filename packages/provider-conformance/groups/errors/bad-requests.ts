// Bad requests about networks, and requests that are no requests at all.
import type { ProviderUnderTest } from '../../provider-under-test.ts'
import { makeNetwork } from '../../resources.ts'
import type { BadRequest, Request } from './bad-request.ts'

/** A body around these attributes; the description tells whose it is, should it be accepted. */
const create = (provider: ProviderUnderTest, attributes: object): Request => ({
  method: 'POST',
  path: '/networks',
  body: { network: { name: provider.name('bad'), description: provider.tag, ...attributes } },
})

const badBody = { status: 400, type: 'HTTPBadRequest' } as const
const badValue = { status: 400, type: 'InvalidInput' } as const

export const badRequests: readonly BadRequest[] = [
  {
    id: 'malformed-json',
    what: 'A body that is no JSON',
    essential: true,
    ...badBody,
    request: () => ({ method: 'POST', path: '/networks', raw: '{"network": {' }),
  },
  {
    id: 'no-body',
    what: 'Creating a network without a body',
    ...badBody,
    request: () => ({ method: 'POST', path: '/networks', raw: '' }),
  },
  {
    id: 'no-root-key',
    what: 'A body without the root key',
    essential: true,
    ...badBody,
    request: (provider) => ({ method: 'POST', path: '/networks', body: { name: provider.name('bad') } }),
  },
  {
    id: 'wrong-root-key',
    what: 'A body about another kind of thing',
    ...badBody,
    request: (provider) => ({ method: 'POST', path: '/networks', body: { port: { name: provider.name('bad') } } }),
  },
  {
    id: 'root-is-text',
    what: 'A body with a text below its root key',
    ...badBody,
    request: () => ({ method: 'POST', path: '/networks', body: { network: 'red' } }),
  },
  {
    id: 'body-is-list',
    what: 'A body that is a list',
    ...badBody,
    request: () => ({ method: 'POST', path: '/networks', body: [] }),
  },
  {
    id: 'unknown-attribute',
    what: 'An attribute that nobody knows',
    ...badBody,
    request: (provider) => create(provider, { bogus: 1 }),
  },
  {
    id: 'read-only-attribute',
    what: 'A client that chooses the id of a network',
    ...badBody,
    request: (provider) => create(provider, { id: crypto.randomUUID() }),
  },
  {
    id: 'name-is-number',
    what: 'A name that is a number',
    ...badBody,
    request: (provider) => create(provider, { name: 123 }),
  },
  {
    id: 'name-too-long',
    what: 'A name of 300 characters',
    ...badBody,
    request: (provider) => create(provider, { name: provider.name('x').padEnd(300, 'x') }),
  },
  {
    id: 'no-boolean',
    what: 'admin_state_up "maybe"',
    ...badValue,
    request: (provider) => create(provider, { admin_state_up: 'maybe' }),
  },
  {
    id: 'mtu-is-text',
    what: 'A change to an MTU that is no number',
    ...badValue,
    // On a network whose id is known: ovirt-provider-ovn keeps such a value, and lists no network until that one is gone.
    async request(provider) {
      const { id } = await makeNetwork(provider)
      return { method: 'PUT', path: `/networks/${id}`, body: { network: { mtu: 'abc' } } }
    },
  },
  {
    id: 'unknown-network-type',
    what: 'A network type that nobody knows',
    ...badValue,
    request: (provider) => create(provider, { 'provider:network_type': 'carrier-pigeon' }),
  },
  {
    id: 'unknown-network',
    what: 'Showing a network that does not exist',
    essential: true,
    readOnly: true,
    status: 404,
    type: 'NetworkNotFound',
    request: () => ({ method: 'GET', path: `/networks/${crypto.randomUUID()}` }),
  },
  {
    id: 'delete-unknown-network',
    what: 'Deleting a network that does not exist',
    essential: true,
    status: 404,
    type: 'NetworkNotFound',
    request: () => ({ method: 'DELETE', path: `/networks/${crypto.randomUUID()}` }),
  },
  {
    id: 'update-unknown-attribute',
    what: 'A change of an attribute that nobody knows',
    ...badBody,
    async request(provider) {
      const { id } = await makeNetwork(provider)
      return { method: 'PUT', path: `/networks/${id}`, body: { network: { bogus: 1 } } }
    },
  },
  {
    id: 'unknown-path',
    what: 'A path that nobody knows',
    readOnly: true,
    status: 404,
    type: 'HTTPNotFound',
    request: () => ({ method: 'GET', path: '/bogus' }),
  },
  {
    id: 'bad-limit',
    what: 'A list with a limit that is no number',
    readOnly: true,
    status: 400,
    type: 'BadRequest',
    request: () => ({ method: 'GET', path: '/networks?limit=abc' }),
  },
]
