// Holds engine, providers and hosts against each other, from time to time and when somebody asks: repairs what is certain, and
// tells the rest.
import { randomUUID } from 'node:crypto'
import { correlationId, withCorrelationId } from '../correlation.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import { isUnmanaged } from '../providers/unmanaged-client.ts'
import { type Finding, keyOf } from './findings.ts'
import { compareVms } from './host-vms.ts'
import { comparePorts } from './provider-ports.ts'

export interface Reconciliation {
  readonly id: string
  /** ms since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly providers: number
  readonly hosts: number
  readonly ports: number
  readonly foreignPorts: number
  readonly findings: readonly Finding[]
}

export interface Reconciler {
  /** The last ones, the newest first. */
  list(): readonly Reconciliation[]
  /** Whoever comes while one is under way gets that. */
  run(stopping?: AbortSignal): Promise<Reconciliation>
}

const kept = 10
/** What is wrong in many places has one cause: the list has it all. */
const eventsAtOnce = 20

export function createReconciler(parts: Parts, now: () => number = Date.now): Reconciler {
  const done: Reconciliation[] = []
  let underWay: Promise<Reconciliation> | undefined
  let known = new Set<string>()

  async function reconcile(stopping: AbortSignal | undefined): Promise<Reconciliation> {
    const startedAt = now()
    const result = await compareAll(parts, stopping)
    await tell(
      parts,
      result.findings.filter((finding) => !known.has(keyOf(finding))),
    )
    known = new Set(result.findings.filter(({ repaired }) => !repaired).map(keyOf))
    const reconciliation = { id: randomUUID(), startedAt, endedAt: now(), ...result }
    done.unshift(reconciliation)
    done.splice(kept)
    return reconciliation
  }

  return {
    list: () => done,
    run(stopping) {
      underWay ??= withCorrelationId(correlationId() || randomUUID(), () => reconcile(stopping)).finally(() => {
        underWay = undefined
      })
      return underWay
    },
  }
}

/** Of what is left when the engine stops, nothing is found. */
async function compareAll(
  parts: Parts,
  stopping: AbortSignal | undefined,
): Promise<Omit<Reconciliation, 'id' | 'startedAt' | 'endedAt'>> {
  const findings: Finding[] = []
  let ports = 0
  let foreignPorts = 0
  const providers = (await parts.store.providers.find({})).filter((provider) => !isUnmanaged(provider))
  for (const provider of providers) {
    if (stopping?.aborted) break
    await unlessAway(findings, { providerId: provider.id }, `Provider ${provider.name}`, async () => {
      const compared = await comparePorts(parts, provider)
      findings.push(...compared.findings)
      ports += compared.ports
      foreignPorts += compared.foreignPorts
    })
  }
  const hosts = await parts.store.hosts.find({ status: 'up' })
  for (const host of hosts) {
    if (stopping?.aborted) break
    await unlessAway(findings, { hostId: host.id }, `Host ${host.name}`, async () => {
      findings.push(...(await compareVms(parts, host)))
    })
  }
  return { providers: providers.length, hosts: hosts.length, ports, foreignPorts, findings }
}

/** One that cannot be asked must not hide what the others say. */
async function unlessAway(
  findings: Finding[],
  where: Partial<Finding>,
  who: string,
  compare: () => Promise<void>,
): Promise<void> {
  try {
    await compare()
  } catch (error) {
    const description = `${who} was not compared: ${(error as Error).message}`
    findings.push({ kind: 'not_compared', repaired: false, description, ...where })
  }
}

async function tell({ events }: Parts, findings: readonly Finding[]): Promise<void> {
  for (const { repaired, description } of findings.slice(0, eventsAtOnce))
    await events.tell(repaired ? 'RECONCILIATION_REPAIRED' : 'RECONCILIATION_FOUND', description)
  if (findings.length > eventsAtOnce)
    await events.tell(
      'RECONCILIATION_FOUND',
      `${findings.length - eventsAtOnce} more were found: see /reconciliations.`,
    )
}
