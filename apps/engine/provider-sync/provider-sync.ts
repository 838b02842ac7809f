// Synchronization: the data centers whose clusters have a provider as their default get the networks that it has, and lose
// those that it has no more. From time to time for providers with auto_sync, and when somebody asks.

import { randomUUID } from 'node:crypto'
import { steadyNow } from '@patchbay/service/steady-clock.ts'
import { withCorrelationId } from '../correlation.ts'
import { Fault } from '../faults.ts'
import { networkPages } from '../lifecycle/networks/network-projects.ts'
import { providerLock } from '../lifecycle/networks/provider-lock.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import { ProviderFailure, pagesOf } from '../providers/provider-clients.ts'
import { existing } from '../services/names.ts'
import type { External } from '../services/networks/external-network.ts'
import { checkCredentials } from '../services/providers/provider-draft.ts'
import type { ProviderService } from '../services/providers/providers.ts'
import type { Cluster } from '../store/entities/infrastructure.ts'
import type { Provider } from '../store/entities/providers.ts'
import { planSync, type Situation, type SyncStep } from './plan.ts'
import { createSyncEvents } from './sync-events.ts'
import { doStep, type SyncServices } from './sync-steps.ts'

export interface SyncChange {
  readonly kind: SyncStep['kind']
  readonly dataCenterId: string
  readonly networkId: string
  readonly name: string
  /** Why it could not be done; '' for what is done. */
  readonly failure: string
}

export interface ProviderSync {
  /** Answers what it changed, and what it could not. Throws ACTION_TYPE_FAILED_PROVIDER_LOCKED, PROVIDER_FAILURE. */
  sync(providerId: string): Promise<SyncChange[]>
  /** Those with auto_sync, one after another; throws nothing. */
  syncAll(stopping?: AbortSignal): Promise<void>
}

const action = 'synchronize Networks of Provider'

export function createProviderSync(
  parts: Parts,
  services: SyncServices & { readonly providers: ProviderService },
  now: () => number = steadyNow,
): ProviderSync {
  const { store, locks, log } = parts
  const events = createSyncEvents(parts.events, now)

  async function syncLocked(provider: Provider): Promise<SyncChange[]> {
    const steps = await planned(provider)
    // Where nothing is to be done, nothing is written either.
    if (steps.length === 0) return []
    await events.started(provider)
    const changes: SyncChange[] = []
    for (const [dataCenterId, step] of steps) changes.push(await attempt(dataCenterId, step, provider))
    const failed = changes.filter(({ failure }) => failure !== '')
    await events.performed(
      provider,
      failed.map(({ kind, name, failure }) => `${kind} ${name}: ${failure}`),
    )
    await events.ended(provider)
    return changes
  }

  async function planned(provider: Provider): Promise<Steps> {
    try {
      return await stepsOf(parts, provider)
    } catch (error) {
      await events.started(provider)
      await tellFailure(provider, error as Error)
      await events.ended(provider)
      throw error
    }
  }

  async function tellFailure(provider: Provider, error: Error): Promise<void> {
    const isRefused = error instanceof ProviderFailure && error.cause.failure === 'unauthorized'
    if (!isRefused) return events.failed(provider, error)
    if (provider.autoSync) await services.providers.edit(provider.id, { auto_sync: false })
    await events.disabled(provider)
  }

  /** One that fails does not keep the others from being done. */
  async function attempt(dataCenterId: string, step: SyncStep, provider: Provider): Promise<SyncChange> {
    const { id = '', name } = step.kind === 'import' ? { name: step.external.name ?? step.external.id } : step.network
    try {
      const network = await doStep(parts, services, provider, dataCenterId, step)
      return { kind: step.kind, dataCenterId, networkId: network.id, name: network.name, failure: '' }
    } catch (error) {
      if (!(error instanceof Fault))
        log.warn({ err: error, provider: provider.name, name }, 'a network was not synchronized')
      return { kind: step.kind, dataCenterId, networkId: id, name, failure: (error as Error).message }
    }
  }

  async function sync(providerId: string): Promise<SyncChange[]> {
    const provider = await existing(store.providers, 'Provider', providerId)
    checkCredentials(provider, action)
    return locks.during([providerLock(providerId)], action, () => syncLocked(provider))
  }

  return {
    sync,
    async syncAll(stopping) {
      for (const { id, name } of await store.providers.find({ autoSync: true })) {
        if (stopping?.aborted) break
        await withCorrelationId(randomUUID(), () => sync(id)).catch((err) =>
          log.warn({ err, provider: name }, 'a provider was not synchronized'),
        )
      }
    },
  }
}

/** With the data center in which each is to be done. */
type Steps = (readonly [string, SyncStep])[]

async function stepsOf({ store, providers }: Parts, provider: Provider): Promise<Steps> {
  const listed: External[] = []
  for await (const page of pagesOf(providers, provider, networkPages)) listed.push(...page)
  const clusters = Map.groupBy(
    await store.clusters.find({ defaultProviderId: provider.id }),
    (each) => each.dataCenterId,
  )
  const steps: Steps = []
  for (const [dataCenterId, targets] of clusters) {
    const situation = await situationIn(store, provider, dataCenterId, listed, targets)
    steps.push(...planSync(situation).map((step) => [dataCenterId, step] as const))
  }
  return steps
}

async function situationIn(
  { networks, networkClusters }: Parts['store'],
  { id: providerId }: Provider,
  dataCenterId: string,
  listed: readonly External[],
  clusters: readonly Cluster[],
): Promise<Situation> {
  const attached = await Promise.all(clusters.map(({ id: clusterId }) => networkClusters.find({ clusterId })))
  return {
    listed,
    known: await networks.find({ dataCenterId, providerId }),
    ownNetworks: await networks.find({ dataCenterId, providerId: '' }),
    clusters,
    attached: new Set(attached.flat().map(({ id }) => id)),
  }
}
