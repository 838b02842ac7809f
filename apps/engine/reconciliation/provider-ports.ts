// The ports of one provider, held against the vNICs that the engine has on it. One page at a time; what looks wrong is looked
// at again by itself, and ports of which this engine does not certainly know that it made them are only counted.
import { setImmediate as letOthersWork } from 'node:timers/promises'
import type { Answered } from '@patchbay/networking-api/client/client.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import { bindingHostIdOf } from '../lifecycle/nics/vnic-ports.ts'
import { deviceOwner } from '../lifecycle/ports/port-allocation.ts'
import { portMadeId } from '../lifecycle/ports/ports-made.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import { pagesOf } from '../providers/provider-clients.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Nic, Vm } from '../store/entities/vms.ts'
import type { Finding } from './findings.ts'
import { removeLeftPorts, settleNic } from './repairs.ts'

export interface PortComparison {
  readonly findings: readonly Finding[]
  /** Ports of vNICs, whoever made them. */
  readonly ports: number
  /** Those of which this engine does not know that it made them. */
  readonly foreignPorts: number
}

/** What the provider should have. */
interface Expectation {
  /** vNIC profile id → the provider's id of its network. */
  readonly networkOf: ReadonlyMap<string, string>
  /** VMs whose ports are being bound already. */
  readonly beingBound: ReadonlySet<unknown>
  /** By which id the provider knows a host. */
  bindingHostId(hostId: string): Promise<string>
}

export async function comparePorts(parts: Parts, provider: Provider): Promise<PortComparison> {
  const expected = await expectationOf(parts, provider)
  const findings: Finding[] = []
  const seen = new Set<string>()
  let ports = 0
  let foreignPorts = 0
  const listed = pagesOf(parts.providers, provider, (client) => client.ports.pages({ device_owner: deviceOwner }))
  for await (const page of listed) {
    ports += page.length
    const { wrong, left, foreign } = await judge(parts, provider, page, expected, seen)
    foreignPorts += foreign
    for (const nicId of left) findings.push(...(await removeLeftPorts(parts, provider, nicId)))
    for (const nic of wrong) findings.push(...(await settleNic(parts, provider, nic)))
    await letOthersWork()
  }
  for (const nic of await nicsWithPorts(parts, expected))
    if (!seen.has(nic.id)) findings.push(...(await settleNic(parts, provider, nic)))
  await forgetPortsMade(parts, provider, seen)
  return { findings, ports, foreignPorts }
}

async function expectationOf(parts: Parts, { id: providerId, pluginType }: Provider): Promise<Expectation> {
  const { store } = parts
  const networks = await store.networks.find({ providerId })
  const externalIds = new Map(networks.map(({ id, externalId }) => [id, externalId]))
  const profiles = (await store.vnicProfiles.find({})).filter(({ networkId }) => externalIds.has(networkId))
  const binding = await store.workflows.find({ kind: 'bind-ports' })
  const hosts = new Map<string, Promise<string>>()
  return {
    networkOf: new Map(profiles.map(({ id, networkId }) => [id, externalIds.get(networkId)!])),
    beingBound: new Set(binding.map(({ state }) => state.vmId)),
    bindingHostId(hostId) {
      const known = hosts.get(hostId) ?? bindingHostIdOf(parts, hostId, pluginType)
      hosts.set(hostId, known)
      return known
    },
  }
}

interface Judgement {
  /** vNICs to be looked at by themselves. */
  readonly wrong: readonly Nic[]
  /** vNICs that are gone and had a port made by this engine. */
  readonly left: readonly string[]
  readonly foreign: number
}

async function judge(
  { store }: Parts,
  provider: Provider,
  page: readonly Answered<Port>[],
  expected: Expectation,
  seen: Set<string>,
): Promise<Judgement> {
  const nics = await store.nics.getAll(page.map(deviceOf))
  const vms = await store.vms.getAll([...nics.values()].map(({ vmId }) => vmId))
  const strangers = page.map(deviceOf).filter((id) => !nics.has(id))
  const made = await store.portsMade.getAll(strangers.map((id) => portMadeId(id, provider.id)))
  const left = new Set(strangers.filter((id) => made.has(portMadeId(id, provider.id))))
  const wrong = new Set<Nic>()
  for (const port of page) {
    const nic = nics.get(deviceOf(port))
    const isRight = nic && !seen.has(nic.id) && (await isAsExpected(nic, vms.get(nic.vmId), port, expected))
    if (nic && !isRight) wrong.add(nic)
    seen.add(deviceOf(port))
  }
  return { wrong: [...wrong], left: [...left], foreign: strangers.filter((id) => !left.has(id)).length }
}

const deviceOf = ({ device_id }: Answered<Port>): string => device_id ?? ''

async function isAsExpected(
  { profileId, plugged, vmId }: Nic,
  vm: Vm | undefined,
  port: Answered<Port>,
  { networkOf, beingBound, bindingHostId }: Expectation,
): Promise<boolean> {
  if (port.network_id !== networkOf.get(profileId)) return false
  const bound = port['binding:host_id']
  const hostId = vm?.hostId ?? ''
  if (!plugged || hostId === '' || bound === undefined || beingBound.has(vmId)) return true
  return bound === (await bindingHostId(hostId))
}

const nicsWithPorts = async ({ store }: Parts, { networkOf }: Expectation): Promise<Nic[]> =>
  (await store.nics.find({ hasPort: true })).filter(({ profileId }) => networkOf.has(profileId))

/** A request that was given up on may still be carried out: what was made by it should be known then. */
const memoryMs = 3_600_000

async function forgetPortsMade({ store }: Parts, provider: Provider, seen: ReadonlySet<string>): Promise<void> {
  const now = Date.now()
  const made = await store.portsMade.find({ providerId: provider.id })
  const nics = await store.nics.getAll(made.map(({ nicId }) => nicId))
  for (const { id, nicId, missingSince } of made) {
    const isThere = seen.has(nicId) || nics.has(nicId)
    if (isThere && missingSince !== 0) await store.portsMade.update(id, { missingSince: 0 })
    else if (!isThere && missingSince === 0) await store.portsMade.update(id, { missingSince: now })
    else if (!isThere && now - missingSince > memoryMs) await store.portsMade.remove(id)
  }
}
