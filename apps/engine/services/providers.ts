// Network providers: add, test, edit, remove.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import type { EventLog } from '../events.ts'
import { Fault } from '../faults.ts'
import { usersOf } from '../lifecycle/network-use.ts'
import type { ProviderClients } from '../providers/provider-clients.ts'
import type { Secrets } from '../providers/secrets.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Store } from '../store/store.ts'
import { checkedName, checkedProperties, checkedText, existing, refuseUsedName } from './names.ts'

export type ProviderRequest = ResourceOf<typeof providerType>

export interface ProviderService {
  list(): Promise<Provider[]>
  get(id: string): Promise<Provider>
  add(request: ProviderRequest): Promise<Provider>
  /** What the request leaves out stays, the password too. */
  edit(id: string, request: ProviderRequest): Promise<Provider>
  remove(id: string): Promise<void>
  /** Throws PROVIDER_FAILURE with the reason when the provider cannot be used. */
  test(id: string): Promise<void>
}

export function createProviderService(
  store: Store,
  clients: ProviderClients,
  secrets: Secrets,
  events: EventLog,
): ProviderService {
  const get = (id: string) => existing(store.providers, 'Provider', id)
  return {
    list: () => store.providers.find({}),
    get,
    async add(request) {
      const action = 'add Provider'
      if (request.type === undefined)
        throw new Fault('INCOMPLETE_PARAMETERS', { what: 'OpenStackNetworkProvider [type]', action: 'add' })
      const provider = merged({ ...blank, id: randomUUID(), type: request.type }, request, secrets)
      check(provider, action)
      await store.transaction(async (tables) => {
        await refuseUsedName(tables.providers, provider.name, action)
        await tables.providers.insert(provider)
      })
      await events.tell('PROVIDER_ADDED', `Provider ${provider.name} was added.`)
      return provider
    },
    async edit(id, request) {
      const action = 'edit Provider'
      const provider = await store.transaction(async (tables) => {
        const before = await existing(tables.providers, 'Provider', id)
        if (request.type !== undefined && request.type !== before.type)
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_CHANGE_PROVIDER_TYPE', { action })
        const after = merged(before, request, secrets)
        check(after, action)
        if (after.name !== before.name) await refuseUsedName(tables.providers, after.name, action)
        await tables.providers.update(id, after)
        return after
      })
      await events.tell('PROVIDER_UPDATED', `Provider ${provider.name} was updated.`)
      return provider
    },
    async remove(id) {
      const provider = await get(id)
      await removeWithNetworks(store, provider)
      await clients.forget(id)
      await events.tell('PROVIDER_REMOVED', `Provider ${provider.name} was removed.`)
    },
    async test(id) {
      await clients.ask(await get(id), (client) => client.test())
    },
  }
}

const blank: Omit<Provider, 'id' | 'type'> = {
  name: '',
  description: '',
  url: '',
  requiresAuthentication: false,
  username: '',
  sealedPassword: '',
  authenticationUrl: '',
  tenantName: '',
  userDomainName: '',
  projectName: '',
  projectDomainName: '',
  pluginType: '',
  // As in the real engine, where an API request that says nothing gets a read-only provider.
  readOnly: true,
  properties: {},
}

function merged(before: Provider, request: ProviderRequest, secrets: Secrets): Provider {
  if (request.unmanaged) throw new Fault('UNSUPPORTED', { what: 'An unmanaged provider' })
  if (request.auto_sync) throw new Fault('UNSUPPORTED', { what: 'Automatic synchronization' })
  if (request.password !== undefined && request.password.length > 200)
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_PASSWORD_TOO_LONG', { action: 'save Provider' })
  return {
    ...before,
    name: request.name ?? before.name,
    description: request.description ?? before.description,
    url: request.url ?? before.url,
    requiresAuthentication: request.requires_authentication ?? before.requiresAuthentication,
    username: request.username ?? before.username,
    sealedPassword: sealedIn(request, before, secrets),
    authenticationUrl: request.authentication_url ?? before.authenticationUrl,
    tenantName: request.tenant_name ?? before.tenantName,
    userDomainName: request.user_domain_name ?? before.userDomainName,
    projectName: request.project_name ?? before.projectName,
    projectDomainName: request.project_domain_name ?? before.projectDomainName,
    pluginType: checkedText(request.external_plugin_type ?? before.pluginType, 'The plugin type', 64),
    readOnly: request.read_only ?? before.readOnly,
    properties:
      request.properties === undefined ? before.properties : checkedProperties(request.properties, 'save Provider'),
  }
}

/** What is not given stays; an empty one is none. */
function sealedIn({ password }: ProviderRequest, before: Provider, secrets: Secrets): string {
  if (password === undefined) return before.sealedPassword
  return password === '' ? '' : secrets.seal(password)
}

function check(provider: Provider, action: string): void {
  checkedName(provider.name, 'OpenStackNetworkProvider', {
    max: 128,
    pattern: /^[0-9a-zA-Z_-]+$/,
    characters: 'letters, digits, "_" and "-"',
  })
  if (!isHttpUrl(provider.url))
    throw new Fault('INVALID_VALUE', {
      reason: `The URL "${provider.url}" of the provider is not usable: it must look like http://host:9696.`,
    })
  const { authenticationUrl: url } = provider
  if (url !== '' && !/^https?:\/\/[^/]*:\d+\/(v3|v2\.0)\/?$/.test(url))
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_INVALID_AUTH_URL', { action, url })
  if (provider.type === 'neutron' && provider.pluginType === '')
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_PLUGIN_TYPE', { action })
  if (!provider.requiresAuthentication) return
  if (provider.username === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_USER', { action })
  if (provider.sealedPassword === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_PASSWORD', { action })
  if (url === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_AUTH_URL', { action })
  if (provider.type === 'neutron' && provider.tenantName === '' && provider.userDomainName === '')
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_TENANT_OR_USER_DOMAIN', { action })
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol)
}

/** Its networks go with it, unless a VM uses one. */
async function removeWithNetworks(store: Store, provider: Provider): Promise<void> {
  await store.transaction(async (tables) => {
    const networks = await tables.networks.find({ providerId: provider.id })
    const profiles = await Promise.all(networks.map(({ id }) => tables.vnicProfiles.find({ networkId: id })))
    const users = await usersOf(tables, profiles.flat())
    if (users.length > 0)
      throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NETWORKS_USED', {
        action: 'remove Provider',
        users: users.map(({ name }) => name).join('\n'),
      })
    for (const network of networks) {
      for (const { id } of await tables.vnicProfiles.find({ networkId: network.id }))
        await tables.vnicProfiles.remove(id)
      for (const { id } of await tables.networkClusters.find({ networkId: network.id }))
        await tables.networkClusters.remove(id)
      await tables.networks.remove(network.id)
    }
    await tables.providers.remove(provider.id)
  })
}
