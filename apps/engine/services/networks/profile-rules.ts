// What vNIC profiles may say, in the order of the real engine.
import { networkFilterOf } from '../../domain-xml/network-filters.ts'
import { Fault } from '../../faults.ts'
import { refuseUsedProfile, usersOf } from '../../lifecycle/networks/network-use.ts'
import type { Network, VnicProfile } from '../../store/entities/networks.ts'
import type { Tables } from '../../store/store.ts'

/** `before`: undefined for a new one. */
export async function checkProfile(
  tables: Tables,
  network: Network,
  { before, after }: { readonly before?: VnicProfile; readonly after: VnicProfile },
  action: string,
): Promise<void> {
  if (!network.vmNetwork) throw new Fault('ACTION_TYPE_FAILED_CANNOT_ADD_VNIC_PROFILE_TO_NON_VM_NETWORK', { action })
  await refuseUsedName(tables, after, action)
  const users = before ? await usersOf(tables, [before]) : []
  if (after.portMirroring !== before?.portMirroring) refuseUsedProfile(users, action)
  if (after.portMirroring && network.providerId !== '')
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_NETWORK_CANNOT_BE_PORT_MIRRORED', { action })
  checkSecurityGroups(after, action)
  if (after.passThrough !== before?.passThrough) refuseUsedProfile(users, action)
  if (after.passThrough) checkPassThrough(after, network, action)
  const { name, networkFilterId: id } = after
  if (id !== '' && !networkFilterOf(id))
    throw new Fault('ACTION_TYPE_FAILED_INVALID_VNIC_PROFILE_NETWORK_FILTER_ID', { action, name, id: id.slice(0, 100) })
  if (after.failoverId !== '') await checkFailover(tables, after, action)
  await refuseFailover(tables, after, action)
  if (after.failoverId !== before?.failoverId) refuseUsedProfile(users, action)
}

async function refuseUsedName({ vnicProfiles }: Tables, { id, name, networkId }: VnicProfile, action: string) {
  const [namesake] = (await vnicProfiles.find({ networkId, name })).filter((profile) => profile.id !== id)
  if (namesake) throw new Fault('ACTION_TYPE_FAILED_VNIC_PROFILE_NAME_IN_USE', { action })
}

/** Ids with commas, or nothing; any other property is for drivers and hooks. */
function checkSecurityGroups({ customProperties: { SecurityGroups: groups = '' } }: VnicProfile, action: string): void {
  if (groups.trim() === '') return
  const isId = (text: string) => /^ *[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} *$/i.test(text)
  if (!groups.split(',').every(isId))
    throw new Fault('ACTION_TYPE_FAILED_INVALID_CUSTOM_PROPERTIES_INVALID_VALUES', { action, names: 'SecurityGroups' })
}

function checkPassThrough(profile: VnicProfile, { portIsolation }: Network, action: string): void {
  if (profile.portMirroring || profile.networkFilterId !== '')
    throw new Fault('ACTION_TYPE_FAILED_PASSTHROUGH_PROFILE_CONTAINS_NOT_SUPPORTED_PROPERTIES', { action })
  if (portIsolation) throw new Fault('ACTION_TYPE_FAILED_PASSTHROUGH_PROFILE_NOT_SUPPORTS_PORT_ISOLATION', { action })
}

async function checkFailover(tables: Tables, profile: VnicProfile, action: string): Promise<void> {
  const { id, failoverId, passThrough, migratable } = profile
  if (failoverId === id) throw new Fault('ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_ID_CANNOT_POINT_TO_SELF', { action })
  const failover = await tables.vnicProfiles.get(failoverId)
  if (!failover || failover.passThrough)
    throw new Fault('ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_ID_IS_NOT_VALID', { action })
  if ((await tables.networks.get(failover.networkId))?.providerId !== '')
    throw new Fault('ACTION_TYPE_FAILED_FAILOVER_VNIC_PROFILE_NOT_SUPPORTED_WITH_EXTERNAL_NETWORK', { action })
  if (!passThrough || !migratable)
    throw new Fault('ACTION_TYPE_FAILED_FAILOVER_IS_SUPPORTED_ONLY_FOR_MIGRATABLE_PASSTROUGH', { action })
}

/** A profile that others fall back to stays as it is. */
export async function refuseFailover({ vnicProfiles }: Tables, { id }: VnicProfile, action: string): Promise<void> {
  const others = await vnicProfiles.find({ failoverId: id })
  const names = others.map(({ name }) => name).join(', ')
  if (names !== '') throw new Fault('ACTION_TYPE_FAILED_UPDATE_OF_FAILOVER_PROFILE_IS_NOT_SUPPORTED', { action, names })
}
