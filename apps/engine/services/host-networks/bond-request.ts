// Bonds as requests give them: by name or id, with the NICs they are made of.
import type { ValuesOf } from '@patchbay/ovirt-api/element.ts'
import type { hostNicType } from '@patchbay/ovirt-api/types/host-networks.ts'
import { Fault } from '../../faults.ts'
import type { HostNic } from '../../hosts/host-nics.ts'
import type { HostNetworking } from './host-networking.ts'

export interface PlannedBond {
  readonly name: string
  readonly slaves: readonly string[]
  readonly options: Readonly<Record<string, string>>
}

type Given = ValuesOf<typeof hostNicType.fields> & { readonly id?: string | undefined }
type Reference = { readonly id?: string | undefined; readonly name?: string | undefined }

const action = 'setup Networks'

/** What a bond has that is not told how it shall be, as in the real engine. */
const usualOptions = { mode: '4', miimon: '100', xmit_hash_policy: '2' }

export function plannedBonds({ nics }: HostNetworking, given: readonly Given[]): PlannedBond[] {
  const bonds = given.map((each) => plannedBond(nics, each))
  const seen = new Set<string>()
  for (const slave of bonds.flatMap(({ slaves }) => slaves)) {
    if (seen.has(slave))
      throw new Fault('NETWORK_INTERFACE_REFERENCED_AS_A_SLAVE_MULTIPLE_TIMES', { action, nic: slave })
    seen.add(slave)
  }
  return bonds
}

/** What the request leaves out, an existing bond keeps. */
function plannedBond(nics: readonly HostNic[], { id, name, bonding = {} }: Given): PlannedBond {
  if (id === undefined && !name) throw new Fault('BOND_DOES_NOT_HAVE_NEITHER_ID_NOR_NAME_SPECIFIED', { action })
  const before = nicFor(nics, { id, name })
  if (id !== undefined && !before) throw new Fault('HOST_NETWORK_INTERFACE_HAVING_ID_DOES_NOT_EXIST', { action, id })
  if (before && !before.bond) throw new Fault('NETWORK_INTERFACE_IS_NOT_BOND', { action, nic: before.name })
  const bond = before?.name ?? name!
  if (!/^bond\w{1,11}$/.test(bond)) throw new Fault('NETWORK_BOND_NAME_BAD_FORMAT', { bond })
  const slaves = bonding.slaves?.map((slave) => slaveName(nics, slave)) ?? before?.bond?.slaves ?? []
  if (slaves.length < 2) throw new Fault('NETWORK_BONDS_INVALID_SLAVE_COUNT', { action, bond })
  const options = Object.fromEntries((bonding.options ?? []).map(({ name: key = '', value = '' }) => [key, value]))
  return {
    name: bond,
    slaves: [...slaves].sort(),
    options: Object.keys(options).length > 0 ? options : (before?.bond?.options ?? usualOptions),
  }
}

function slaveName(nics: readonly HostNic[], reference: Reference): string {
  const nic = nicFor(nics, reference)
  const { id = '', name = '' } = reference
  if (!nic) throw new Fault('HOST_NETWORK_INTERFACE_HAVING_ID_OR_NAME_DOES_NOT_EXIST', { action, id, name })
  if (nic.bond || nic.vlan) throw new Fault('NETWORK_INTERFACE_BOND_OR_VLAN_CANNOT_BE_SLAVE', { action, nic: nic.name })
  return nic.name
}

/** What exists of it. */
export function nicFor(nics: readonly HostNic[], { id, name }: Reference): HostNic | undefined {
  return nics.find((nic) => (id !== undefined ? nic.id === id : nic.name === name))
}

/** Names of the bonds that are to go. */
export function removedBonds({ nics }: HostNetworking, given: readonly Reference[]): string[] {
  return given.map((reference) => {
    const nic = nicFor(nics, reference)
    if (!nic) throw new Fault('NETWORK_BOND_RECORDS_DOES_NOT_EXISTS', { bond: reference.name ?? reference.id ?? '' })
    if (!nic.bond) throw new Fault('NETWORK_INTERFACE_IS_NOT_BOND', { action, nic: nic.name })
    return nic.name
  })
}
