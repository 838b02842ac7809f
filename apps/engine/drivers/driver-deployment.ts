// Keeps the drivers of every host as its cluster needs them: whenever a host connects, or what is wanted has changed.
import { VdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { Logger } from 'pino'
import type { EventLog } from '../events/event-log.ts'
import type { HostConnections } from '../hosts/host-connections.ts'
import type { DriverDeployment } from '../store/entities/drivers.ts'
import type { Host } from '../store/entities/infrastructure.ts'
import type { Store } from '../store/store.ts'
import { sendPackage } from './send-package.ts'
import { type WantedDriver, wantedDrivers } from './wanted-drivers.ts'

export interface DriverDeployments extends AsyncDisposable {
  /** Begins to bring a host's drivers to what is wanted; once more, if that is under way already. */
  check(hostId: string): void
}

export interface DeploymentParts {
  readonly store: Store
  readonly hosts: HostConnections
  readonly events: EventLog
  /** PEM: publishers whom this engine trusts. */
  readonly signers: string
  /** Called with a host whose drivers have changed, and with them what it can do. */
  readonly changed: (host: Host) => Promise<void>
  readonly log: Logger
}

const callTimeoutMs = 120_000
/** Which drivers a host must have follows from rows of these. */
const decisive = new Set(['provider_driver', 'network_cluster', 'cluster'])

export function createDriverDeployments(parts: DeploymentParts): DriverDeployments {
  const underWay = new Map<string, Promise<void>>()
  const again = new Set<string>()
  let isStopping = false

  function check(hostId: string): void {
    if (isStopping) return
    if (underWay.has(hostId)) {
      again.add(hostId)
      return
    }
    const work = bringUpToDate(parts, hostId)
      .catch((err) => parts.log.warn({ host: hostId, err }, 'the drivers of a host could not be checked'))
      .finally(() => {
        underWay.delete(hostId)
        if (again.delete(hostId)) check(hostId)
      })
    underWay.set(hostId, work)
  }

  let isStale = false
  let looking: Promise<void> | undefined

  /** Only hosts that are up, and of which something else is wanted now: those that are away are checked when they connect. */
  async function look(): Promise<void> {
    while (isStale && !isStopping) {
      isStale = false
      for (const id of await outdatedHosts(parts.store, (hostId) => underWay.has(hostId))) check(id)
    }
  }

  function wantedHasChanged(): void {
    isStale = true
    looking ??= look()
      .catch((err) => parts.log.warn({ err }, 'whose drivers have changed could not be found out'))
      .finally(() => {
        looking = undefined
        if (isStale && !isStopping) wantedHasChanged()
      })
  }

  const stopListening = parts.store.changes.listen((changes) => {
    if (changes.some(({ table }) => decisive.has(table))) wantedHasChanged()
  })
  return {
    check,
    async [Symbol.asyncDispose]() {
      isStopping = true
      stopListening()
      await looking
      await Promise.all(underWay.values())
    },
  }
}

/** `isAtWork`: who is being checked may have begun with what was wanted before. */
async function outdatedHosts(store: Store, isAtWork: (hostId: string) => boolean): Promise<string[]> {
  const ofClusters = new Map<string, ReadonlyMap<string, WantedDriver>>()
  const outdated: string[] = []
  for (const { id, clusterId } of await store.hosts.find({ status: 'up' })) {
    const wanted = ofClusters.get(clusterId) ?? (await wantedDrivers(store, clusterId))
    ofClusters.set(clusterId, wanted)
    const known = await store.driverDeployments.find({ hostId: id })
    if (isAtWork(id) || !isAsWanted(known, wanted)) outdated.push(id)
  }
  return outdated
}

/** Whatever became of it: what failed is tried again when the host connects, or when somebody asks for it. */
const isAsWanted = (known: readonly DriverDeployment[], wanted: ReadonlyMap<string, WantedDriver>) =>
  known.length === wanted.size &&
  known.every(({ name, digest, options }) => {
    const one = wanted.get(name)
    return one?.driver.digest === digest && sameOptions(options, one.options)
  })

/** One driver's failure is written down and does not keep the others from their work. */
async function bringUpToDate(parts: DeploymentParts, hostId: string): Promise<void> {
  const { store } = parts
  const host = await store.hosts.get(hostId)
  if (!host) return
  const wanted = await wantedDrivers(store, host.clusterId)
  const known = await store.driverDeployments.find({ hostId })
  if (wanted.size + known.length === 0) return
  const installed = await installedOn(parts, host)
  let hasChanged = false
  for (const deployment of known.filter(({ name }) => !wanted.has(name)))
    hasChanged = (await remove(parts, host, deployment)) || hasChanged
  for (const each of wanted.values()) hasChanged = (await install(parts, host, each, known, installed)) || hasChanged
  if (hasChanged) await parts.changed(host)
}

/** Digests of what works there, by driver name. */
async function installedOn({ hosts }: DeploymentParts, host: Host): Promise<ReadonlyMap<string, string>> {
  const caps = (await hosts.call(host.id, 'Host.getCapabilities', {}, { patienceMs: 0 })) as {
    driverPackages?: readonly { name: string; digest: string; error?: string }[]
  }
  const working = (caps.driverPackages ?? []).filter(({ error }) => error === undefined)
  return new Map(working.map(({ name, digest }) => [name, digest]))
}

async function install(
  parts: DeploymentParts,
  host: Host,
  { driver, options }: WantedDriver,
  known: readonly DriverDeployment[],
  installed: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { id: packageId, name, version, digest } = driver
  const before = known.find((each) => each.name === name)
  const isThere = installed.get(name) === digest && sameOptions(before?.options, options)
  if (isThere && before?.status === 'installed') return false
  const id = `${host.id}/${name}`
  const row = { id, hostId: host.id, packageId, name, version, digest, options, progress: 0, detail: '' }
  await write(parts, { ...row, status: 'installing' })
  try {
    await sendPackage(
      (method, params) => ask(parts, host, method, params),
      toSend(parts, driver, options),
      (progress) => void parts.store.driverDeployments.update(id, { progress }),
    )
    await write(parts, { ...row, status: 'installed', progress: 100 })
    await parts.events
      .about({ host })
      .tell('DRIVER_INSTALLED', `Driver ${name} ${version} was installed on host ${host.name}.`)
    return true
  } catch (error) {
    const detail = (error as Error).message
    await write(parts, { ...row, status: 'failed', detail })
    const text = `Driver ${name} ${version} could not be installed on host ${host.name}: ${detail}`
    await parts.events.about({ host }).tell('DRIVER_INSTALLATION_FAILED', text)
    return false
  }
}

async function remove(parts: DeploymentParts, host: Host, deployment: DriverDeployment): Promise<boolean> {
  const { id, name } = deployment
  const { driverDeployments } = parts.store
  await driverDeployments.update(id, { status: 'removing', detail: '' })
  try {
    await ask(parts, host, 'Host.removeDriverPackage', { name })
    await driverDeployments.remove(id)
    await parts.events.about({ host }).tell('DRIVER_REMOVED', `Driver ${name} was removed from host ${host.name}.`)
    return true
  } catch (error) {
    await driverDeployments.update(id, { detail: (error as Error).message })
    return false
  }
}

async function ask({ hosts }: DeploymentParts, host: Host, method: string, params: object): Promise<unknown> {
  try {
    return await hosts.callAgain(host.id, method, params, { timeoutMs: callTimeoutMs })
  } catch (error) {
    if (!(error instanceof VdsmError && error.code === vdsmErrors.MethodNotFound.code)) throw error
    throw new Error('it takes no driver packages. A host with VDSM gets drivers by "patchbay driver install-hooks".')
  }
}

const toSend = (
  { store, signers }: DeploymentParts,
  { id, digest }: WantedDriver['driver'],
  options: WantedDriver['options'],
) => ({
  digest,
  options,
  signers,
  bytes: async () => Buffer.from((await store.driverPackageContents.get(id))!.content, 'base64'),
})

async function write({ store }: DeploymentParts, row: DriverDeployment): Promise<void> {
  await store.transaction(async ({ driverDeployments }) => {
    if (!(await driverDeployments.update(row.id, row))) await driverDeployments.insert(row)
  })
}

const sameOptions = (one: object | undefined, other: object) => JSON.stringify(one) === JSON.stringify(other)
