// The ports of one provider, held against the vNICs that the engine has on it. One page at a time; what looks wrong is looked
// at again by itself, and ports of which this engine does not certainly know that it made them are only counted.
import { setImmediate as letOthersWork } from 'node:timers/promises'
import type { Answered } from '@patchbay/networking-api/client.ts'
import type { Port } from '@patchbay/networking-api/ports.ts'
import type { Parts } from '../lifecycle/parts.ts'
import { deviceOwner } from '../lifecycle/port-allocation.ts'
import { portMadeId } from '../lifecycle/ports-made.ts'
import { bindingHostIdOf } from '../lifecycle/vnic-ports.ts'
import type { Provider } from '../store/entities/providers.ts'
import type { Nic } from '../store/entities/vms.ts'
import type { Finding } from './findings.ts'
import { removeLeftPorts, settleNic } from './repairs.ts'

export interface PortComparison {
  readonly findings: readonly Finding[]
  /** Ports of vNICs, whoever made them. */
  readonly ports: number
  /** Those of which this engine does not know that it made them. */
  readonly foreignPorts: number
}

/** Every device id that was seen on a port; what the provider should have, by profile. */
interface Expectation {
  /** vNIC profile id → the provider's id of its network. */
  readonly networkOf: ReadonlyMap<string, string>
  /** VMs whose ports are being bound already. */
  readonly beingBound: ReadonlySet<unknown>
}

export async function comparePorts(parts: Parts, provider: Provider): Promise<PortComparison> {
  const expected = await expectationOf(parts, provider)
  const findings: Finding[] = []
  const seen = new Set<string>()
  let ports = 0
  let foreignPorts = 0
  await parts.providers.ask(provider, async (client) => {
    for await (const page of client.ports.pages({ device_owner: deviceOwner })) {
      for (const port of page) {
        ports++
        const deviceId = port.device_id ?? ''
        const nic = await parts.store.nics.get(deviceId)
        if (!nic && !(await parts.store.portsMade.get(portMadeId(deviceId, provider.id)))) foreignPorts++
        else if (!nic) findings.push(...(await removeLeftPorts(parts, provider, deviceId)))
        else if (seen.has(deviceId) || !(await isRight(parts, provider, nic, port, expected)))
          findings.push(...(await settleNic(parts, provider, nic)))
        seen.add(deviceId)
      }
      await letOthersWork()
    }
  })
  for (const nic of await nicsWithPorts(parts, expected))
    if (!seen.has(nic.id)) findings.push(...(await settleNic(parts, provider, nic)))
  await forgetPortsMade(parts, provider, seen)
  return { findings, ports, foreignPorts }
}

async function expectationOf({ store }: Parts, provider: Provider): Promise<Expectation> {
  const networks = await store.networks.find({ providerId: provider.id })
  const externalIds = new Map(networks.map(({ id, externalId }) => [id, externalId]))
  const profiles = (await store.vnicProfiles.find({})).filter(({ networkId }) => externalIds.has(networkId))
  const networkOf = new Map(profiles.map(({ id, networkId }) => [id, externalIds.get(networkId)!]))
  const binding = await store.workflows.find({ kind: 'bind-ports' })
  return { networkOf, beingBound: new Set(binding.map(({ state }) => state.vmId)) }
}

async function isRight(
  parts: Parts,
  { pluginType }: Provider,
  nic: Nic,
  port: Answered<Port>,
  { networkOf, beingBound }: Expectation,
): Promise<boolean> {
  if (port.network_id !== networkOf.get(nic.profileId)) return false
  const bound = port['binding:host_id']
  if (!nic.plugged || bound === undefined || beingBound.has(nic.vmId)) return true
  const hostId = (await parts.store.vms.get(nic.vmId))?.hostId ?? ''
  return hostId === '' || bound === (await bindingHostIdOf(parts, hostId, pluginType))
}

const nicsWithPorts = async ({ store }: Parts, { networkOf }: Expectation): Promise<Nic[]> =>
  (await store.nics.find({ hasPort: true })).filter(({ profileId }) => networkOf.has(profileId))

/** A request that was given up on may still be carried out: what was made by it should be known then. */
const memoryMs = 3_600_000

async function forgetPortsMade({ store }: Parts, provider: Provider, seen: ReadonlySet<string>): Promise<void> {
  const now = Date.now()
  for (const { id, nicId, missingSince } of await store.portsMade.find({ providerId: provider.id })) {
    const isThere = seen.has(nicId) || (await store.nics.get(nicId)) !== undefined
    if (isThere && missingSince !== 0) await store.portsMade.update(id, { missingSince: 0 })
    else if (!isThere && missingSince === 0) await store.portsMade.update(id, { missingSince: now })
    else if (!isThere && now - missingSince > memoryMs) await store.portsMade.remove(id)
  }
}
