// The row of a new or changed vNIC: its name and address must be free, and its network there for the VM.
import { Fault } from '../../faults.ts'
import { freeMac, macPoolOf } from '../../macs/free-mac.ts'
import type { Nic } from '../../store/entities/vms.ts'
import type { Tables } from '../../store/store.ts'

const adding = 'add Interface'

/** One that comes without an address gets a free one. */
export async function insertNic(tables: Tables, nic: Nic): Promise<void> {
  await checkNic(tables, nic, adding)
  const mac = nic.mac === '' ? await freeMac(tables, await poolOf(tables, nic), adding) : nic.mac
  await tables.nics.insert({ ...nic, mac })
}

/** Throws the fault for which no such row may be written. */
export async function checkNic(tables: Tables, nic: Nic, action: string): Promise<void> {
  const others = (rows: readonly Nic[]) => rows.filter(({ id }) => id !== nic.id)
  if (nic.profileId !== '') await checkProfile(tables, nic, await clusterOf(tables, nic), action)
  if (others(await tables.nics.find({ vmId: nic.vmId, name: nic.name })).length > 0)
    throw new Fault('ACTION_TYPE_FAILED_NAME_ALREADY_USED', { action, name: nic.name })
  if (nic.mac !== '' && (await isUsedMac(tables, nic, others(await tables.nics.find({ mac: nic.mac })))))
    throw new Fault('NETWORK_MAC_ADDRESS_IN_USE', { action, mac: nic.mac })
}

const clusterOf = async ({ vms }: Tables, { vmId }: Nic) => (await vms.get(vmId))!.clusterId
const poolOf = async (tables: Tables, nic: Nic) => macPoolOf(tables, await clusterOf(tables, nic))

/** Whether one of the others has its address from the same pool, and the pool does not allow that. */
async function isUsedMac(tables: Tables, nic: Nic, others: readonly Nic[]): Promise<boolean> {
  const pool = await poolOf(tables, nic)
  if (pool.allowDuplicates) return false
  const pools = await Promise.all(others.map((other) => poolOf(tables, other)))
  return pools.some(({ id }) => id === pool.id)
}

/** Its network must be attached to the cluster, and be one that the cluster's switches can have. */
export async function checkProfile(
  tables: Tables,
  { profileId, model }: Pick<Nic, 'profileId' | 'model'>,
  clusterId: string,
  action: string,
): Promise<void> {
  const profile = await tables.vnicProfiles.get(profileId)
  if (!profile) throw new Fault('ACTION_TYPE_FAILED_VNIC_PROFILE_NOT_EXISTS', { action })
  if (profile.passThrough !== (model === 'pci_passthrough'))
    throw new Fault('ACTION_TYPE_FAILED_VM_INTERFACE_TYPE_NOT_MATCH_PROFILE', { action })
  const network = (await tables.networks.get(profile.networkId))!
  if (!(await tables.networkClusters.get(`${network.id}/${clusterId}`)))
    throw new Fault('NETWORK_NOT_EXISTS_IN_CURRENT_CLUSTER', { action, name: network.name })
  if (network.providerId === '' && (await tables.clusters.get(clusterId))?.switchType === 'ovs')
    throw new Fault('ACTION_TYPE_FAILED_ONLY_EXTERNAL_NETWORK_IS_SUPPORTED_IN_OVS_SWITCH_TYPE', { action })
}
