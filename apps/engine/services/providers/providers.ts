// Network providers: add, test, edit, remove.
import { randomUUID } from 'node:crypto'
import { Fault } from '../../faults.ts'
import { usersOf } from '../../lifecycle/networks/network-use.ts'
import { providerLock } from '../../lifecycle/networks/provider-lock.ts'
import type { Parts } from '../../lifecycle/workflows/parts.ts'
import type { Secrets } from '../../providers/secrets.ts'
import type { Provider } from '../../store/entities/providers.ts'
import type { Tables } from '../../store/store.ts'
import type { RowQuery } from '../../store/table.ts'
import { existing, refuseUsedName } from '../names.ts'
import {
  blankProvider,
  checkAccess,
  checkName,
  checkNewNeutron,
  merged,
  type ProviderRequest,
} from './provider-draft.ts'

export interface ProviderService {
  list(wanted: RowQuery): Promise<Provider[]>
  get(id: string): Promise<Provider>
  add(request: ProviderRequest): Promise<Provider>
  /** What the request leaves out stays, the password too. */
  edit(id: string, request: ProviderRequest): Promise<Provider>
  remove(id: string): Promise<void>
  /** Throws PROVIDER_FAILURE with the reason when the provider cannot be used. */
  test(id: string): Promise<void>
  /** The same for values that are not kept: of a new provider, or (with its `id`) of an edited one. */
  testUnsaved(request: ProviderRequest): Promise<void>
  /** What those values make. */
  draft(request: ProviderRequest): Promise<Provider>
}

export function createProviderService(
  { store, providers: clients, events, locks }: Pick<Parts, 'store' | 'providers' | 'events' | 'locks'>,
  secrets: Secrets,
): ProviderService {
  const get = (id: string) => existing(store.providers, 'Provider', id)

  async function draft(request: ProviderRequest): Promise<Provider> {
    const before = request.id === undefined ? newProvider(request) : await get(request.id)
    const provider = merged(before, request, secrets)
    checkAccess(provider, request, 'test Provider')
    return provider
  }

  return {
    list: (wanted) => store.providers.select(wanted),
    get,
    async add(request) {
      const action = 'add Provider'
      const provider = merged(newProvider(request), request, secrets)
      checkName(provider)
      await store.transaction(async (tables) => {
        await refuseUsedName(tables.providers, provider.name, action)
        checkAccess(provider, request, action)
        checkNewNeutron(provider, action)
        await tables.providers.insert(provider)
      })
      await events.tell('PROVIDER_ADDED', `Provider ${provider.name} was added.`)
      return provider
    },
    async edit(id, request) {
      const action = 'edit Provider'
      const provider = await store.transaction(async (tables) => {
        const before = await existing(tables.providers, 'Provider', id)
        const after = merged(before, request, secrets)
        checkName(after)
        if (after.name !== before.name) await refuseUsedName(tables.providers, after.name, action)
        checkAccess(after, request, action)
        if (request.type !== undefined && request.type !== before.type)
          throw new Fault('ACTION_TYPE_FAILED_CANNOT_CHANGE_PROVIDER_TYPE', { action })
        await tables.providers.update(id, after)
        return after
      })
      await events.tell('PROVIDER_UPDATED', `Provider ${provider.name} was updated.`)
      return provider
    },
    async remove(id) {
      const action = 'remove Provider'
      const provider = await get(id)
      await locks.during([providerLock(id)], action, () =>
        store.transaction((tables) => removeWithNetworks(tables, provider, action)),
      )
      await clients.forget(id)
      await events.tell('PROVIDER_REMOVED', `Provider ${provider.name} was removed.`)
    },
    async test(id) {
      await clients.ask(await get(id), (client) => client.test(), { anyway: true })
    },
    async testUnsaved(request) {
      await clients.tryOut(await draft(request), (client) => client.test())
    },
    draft,
  }
}

function newProvider({ type }: ProviderRequest): Provider {
  if (type === undefined) throw new Fault('VALIDATION_PROVIDER_TYPE_NULL')
  return { ...blankProvider, id: randomUUID(), type }
}

/** Its networks go with it, unless a VM uses one. */
async function removeWithNetworks(tables: Tables, provider: Provider, action: string): Promise<void> {
  const networks = await tables.networks.find({ providerId: provider.id })
  const used: string[] = []
  for (const { id, name } of networks) {
    const users = await usersOf(tables, await tables.vnicProfiles.find({ networkId: id }))
    if (users.length > 0) used.push(`${name} (${users.map((user) => `${user.kind} ${user.name}`).join(', ')})`)
  }
  if (used.length > 0)
    throw new Fault(`ACTION_TYPE_FAILED_PROVIDER_NETWORKS_USED_${used.length === 1 ? 'ONCE' : 'MULTIPLE_TIMES'}`, {
      action,
      names: used.join('\n'),
    })
  const clusters = await tables.clusters.find({ defaultProviderId: provider.id })
  if (clusters.length > 0)
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_USED_IN_CLUSTER', {
      action,
      clusters: clusters.map(({ name }) => name).join('\n'),
    })
  for (const network of networks) {
    for (const { id } of await tables.vnicProfiles.find({ networkId: network.id })) await tables.vnicProfiles.remove(id)
    for (const { id } of await tables.networkClusters.find({ networkId: network.id }))
      await tables.networkClusters.remove(id)
    await tables.networks.remove(network.id)
  }
  await tables.providerDrivers.remove(provider.id)
  for (const { id } of await tables.portsMade.find({ providerId: provider.id })) await tables.portsMade.remove(id)
  await tables.providers.remove(provider.id)
}
