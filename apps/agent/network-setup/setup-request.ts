// Reads the parameters of Host.setupNetworks as VDSM does: values of several types, defaults filled in, its error codes.
import { isIP } from 'node:net'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { ipAttributes } from './ip-attributes.ts'
import type { BondAttributes, NetworkAttributes, Removal, SetupOptions, SetupRequest } from './network-configuration.ts'

type Fields = Readonly<Record<string, unknown>>

/** Throws VDSM's errors. What it answers reads as the same again. */
export function readSetupRequest(given: Fields): SetupRequest {
  const networks = fields(given.networks ?? {}, 'networks')
  const bondings = fields(given.bondings ?? {}, 'bondings')
  return {
    networks: mapped(networks, (name, asked) => readNetwork(name, fields(asked, `network ${name}`))),
    bondings: mapped(bondings, (name, asked) => readBond(name, fields(asked, `bond ${name}`))),
    options: readOptions(fields(given.options ?? {}, 'options')),
  }
}

function readNetwork(name: string, asked: Fields): NetworkAttributes | Removal {
  const of = `network ${name}`
  if (flag(asked.remove)) {
    const more = Object.keys(asked).filter((key) => key !== 'remove' && key !== 'custom')
    if (more.length > 0) throw badParams(`${of}: cannot be removed and have ${more.join(', ')}`)
    return { remove: true }
  }
  const bridged = flag(asked.bridged, true)
  if (!isName(name, bridged)) throw vdsmError('NetworkBadBridge', `${of}: not a name that a bridge can have`)
  refuseWhatIsNotOffered(of, asked)
  const nic = linkName(asked.nic, of)
  const bonding = linkName(asked.bonding, of)
  if (nic !== undefined && bonding !== undefined) throw badParams(`${of}: is on a NIC or on a bond, not on both`)
  const vlan = readVlan(asked.vlan, of)
  if (nic === undefined && bonding === undefined && (!bridged || vlan !== undefined))
    throw badParams(`${of}: without a NIC or a bond it can only be a bridge, without a VLAN`)
  const mtu = whole(asked.mtu ?? 1500)
  if (mtu === undefined || mtu < 68 || mtu > 65_535) throw badParams(`${of}: the MTU must be between 68 and 65535`)
  return {
    ...(nic !== undefined && { nic }),
    ...(bonding !== undefined && { bonding }),
    ...(vlan !== undefined && { vlan }),
    bridged,
    ...(bridged && { stp: flag(asked.stp ?? asked.STP) }),
    mtu,
    bootproto: readBootproto(of, asked),
    ...ipAttributes(of, asked),
    dhcpv6: false,
    ipv6autoconf: flag(asked.ipv6autoconf),
    defaultRoute: flag(asked.defaultRoute),
    nameservers: readNameservers(of, asked),
    switch: 'legacy',
    ...(asked.custom !== undefined && { custom: fields(asked.custom, `custom properties of ${of}`) }),
  }
}

/** Better an error than a network that is not what was asked for. */
function refuseWhatIsNotOffered(of: string, asked: Fields): void {
  if (flag(asked.dhcpv6)) throw badParams(`${of}: dhcpv6 is not offered by this agent: give an address or ipv6autoconf`)
  if (asked.switch !== undefined && asked.switch !== 'legacy')
    throw badParams(
      `${of}: switch ${String(asked.switch)} is not offered by this agent: it makes bridges of the kernel`,
    )
  if (asked.hostQos !== undefined) throw badParams(`${of}: hostQos is not offered by this agent`)
}

function readBootproto(of: string, asked: Fields): string {
  const bootproto = asked.bootproto || 'none'
  if (bootproto === 'none') return 'none'
  if (bootproto !== 'dhcp') throw badParams(`${of}: there is no bootproto ${String(bootproto)}`)
  if (asked.ipaddr || asked.gateway) throw badParams(`${of}: has an address of its own, or one from DHCP, not both`)
  return 'dhcp'
}

/** VDSM's rule: the host has one list, that of its default network. */
function readNameservers(of: string, asked: Fields): string[] {
  const servers = Array.isArray(asked.nameservers) ? asked.nameservers.map(String) : []
  if (servers.length > 0 && !flag(asked.defaultRoute))
    throw badParams(`${of}: name servers may only be defined on the default host network`)
  const wrong = servers.find((server) => isIP(server) === 0)
  if (wrong !== undefined) throw vdsmError('NetworkBadAddress', `${of}: ${wrong} is no address of a name server`)
  return servers
}

function readBond(name: string, asked: Fields): BondAttributes | Removal {
  if (flag(asked.remove)) return { remove: true }
  const of = `bond ${name}`
  if (!/^bond\w{1,11}$/.test(name)) throw vdsmError('NetworkBadBonding', `${of}: not a name that a bond can have`)
  const nics = Array.isArray(asked.nics) ? asked.nics : []
  if (nics.length === 0) throw badParams(`${of}: needs at least one NIC`)
  const { hwaddr } = asked
  if (hwaddr !== undefined && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(String(hwaddr)))
    throw badParams(`${of}: hwaddr must be a MAC address`)
  const options = String(asked.options ?? '').trim() || 'mode=0'
  bondOptions(name, options)
  return {
    nics: [...new Set(nics.map((nic) => linkName(nic, of)!))].sort(),
    options,
    ...(hwaddr !== undefined && { hwaddr: String(hwaddr).toLowerCase() }),
    switch: 'legacy',
  }
}

/** `mode=1 miimon=100` as pairs; `custom` is for hooks. Throws NetworkBadBonding. */
export function bondOptions(bond: string, options: string): [name: string, value: string][] {
  return options.split(/\s+/).flatMap((option): [string, string][] => {
    const [, name, value] = /^(\w+)=([\w.,:+-]+)$/.exec(option) ?? []
    if (name === 'custom') return []
    if (name === undefined || !offeredBondOptions.has(name))
      throw vdsmError('NetworkBadBonding', `bond ${bond}: ${option} is no option of a bond`)
    return [[name, value!]]
  })
}

/** Those that `ip link` calls by the same names as the kernel. */
const offeredBondOptions = new Set(
  [
    'mode miimon updelay downdelay use_carrier arp_interval arp_validate arp_all_targets arp_ip_target primary',
    'primary_reselect fail_over_mac xmit_hash_policy resend_igmp all_slaves_active min_links lp_interval',
    'packets_per_slave lacp_rate ad_select tlb_dynamic_lb',
  ].flatMap((line) => line.split(' ')),
)

/** VDSM's defaults; the engine sends its own. */
function readOptions(given: Fields): SetupOptions {
  const seconds = Number(given.connectivityTimeout ?? 4)
  if (!(seconds >= 0 && seconds <= 600)) throw badParams('connectivityTimeout must be between 0 and 600 seconds')
  return {
    connectivityCheck: flag(given.connectivityCheck, true),
    connectivityTimeout: seconds,
    commitOnSuccess: flag(given.commitOnSuccess),
  }
}

function readVlan(value: unknown, of: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const vlan = whole(value)
  if (vlan === undefined || vlan > 4094) throw vdsmError('NetworkBadVlan', `${of}: a VLAN is between 0 and 4094`)
  return vlan
}

/** A bridge is called as its network. Where there is none, the name is only shown. */
const isName = (name: string, bridged: boolean) =>
  bridged ? /^[A-Za-z0-9_+@~%][A-Za-z0-9_+@~%-]{0,14}$/.test(name) : /^[^\s\p{Cc}]{1,255}$/u.test(name)

function linkName(value: unknown, of: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  // What is not there is found out later; this keeps it from being more than a word of a command.
  if (typeof value === 'string' && /^[A-Za-z0-9_][\w.@:+-]{0,14}$/.test(value)) return value
  throw vdsmError('NetworkBadNic', `${of}: ${JSON.stringify(value)} is not the name of a NIC or a bond`)
}

function whole(value: unknown): number | undefined {
  const text = String(value)
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** VDSM's tobool: `true` in any case, and numbers but 0. */
function flag(value: unknown, missing = false): boolean {
  if (value === undefined || value === null) return missing
  if (typeof value === 'string' && /^true$/i.test(value)) return true
  return value === true || (value !== '' && !Number.isNaN(Number(value)) && Number(value) !== 0)
}

function fields(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw badParams(`${what}: an object was expected`)
}

const mapped = <Item>(record: Fields, read: (name: string, value: unknown) => Item): Record<string, Item> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, read(name, value)]))

const badParams = (reason: string) => vdsmError('NetworkBadParams', reason)
