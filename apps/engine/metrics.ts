// The engine's own figures, beside those every service has.
import { createMetrics } from '@patchbay/service/http.ts'
import { Gauge, type Registry } from 'prom-client'
import type { ProviderClients } from './providers/provider-clients.ts'
import type { Reconciler } from './reconciliation/reconciler.ts'
import type { Store } from './store/store.ts'

export function createEngineMetrics(store: Store, providers: ProviderClients, reconciler: Reconciler): Registry {
  const metrics = createMetrics()
  new Gauge({
    name: 'engine_workflows',
    help: 'Recorded workflows: those that run, and those that are undone or tried again',
    labelNames: ['kind', 'direction'],
    registers: [metrics],
    async collect() {
      this.reset()
      for (const { kind, direction } of await store.workflows.find({})) this.inc({ kind, direction })
    },
  })
  new Gauge({
    name: 'engine_hosts',
    help: 'Hosts by status',
    labelNames: ['status'],
    registers: [metrics],
    async collect() {
      this.reset()
      for (const { status } of await store.hosts.find({})) this.inc({ status })
    },
  })
  new Gauge({
    name: 'engine_providers',
    help: 'Network providers by status; 1 for the one each has',
    labelNames: ['provider', 'status'],
    registers: [metrics],
    async collect() {
      this.reset()
      for (const provider of await store.providers.find({}))
        this.set({ provider: provider.name, status: providers.health(provider).availability }, 1)
    },
  })
  new Gauge({
    name: 'engine_findings',
    help: 'What the last reconciliation found and could not repair',
    labelNames: ['kind'],
    registers: [metrics],
    collect() {
      this.reset()
      for (const { kind, repaired } of reconciler.list()[0]?.findings ?? []) if (!repaired) this.inc({ kind })
    },
  })
  return metrics
}
