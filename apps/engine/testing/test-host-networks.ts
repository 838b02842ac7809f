// The networks of a host for tests: VDSM's verbs about them, with two NICs that are entries of a map.
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'

export interface TestHostNetworks {
  readonly verbs: Readonly<Record<string, Method>>
  /** What the host tells of its networks besides all else. */
  capabilities(): { readonly networks: Readonly<Record<string, any>> }
  /** The parameters of each Host.setupNetworks. */
  readonly asked: any[]
  /** How often the engine was heard. */
  heard: number
  /** Somebody changes a network at the host itself. */
  change(name: string, change: object): void
}

export function testHostNetworks(): TestHostNetworks {
  let networks: Record<string, any> = {}
  let bondings: Record<string, any> = {}
  const link = { mtu: '1500', addr: '', netmask: '', gateway: '', ipv6addrs: [], speed: 1000 }
  const host: TestHostNetworks = {
    asked: [],
    heard: 0,
    capabilities: () => ({
      networks,
      bondings,
      nics: Object.fromEntries(
        ['eth0', 'eth1', 'eth2'].map((nic, at) => [nic, { ...link, hwaddr: `02:00:00:00:00:0${at}` }]),
      ),
      vlans: Object.fromEntries(
        Object.values(networks)
          .filter(({ vlanid }) => vlanid !== undefined)
          .map(({ southbound, vlanid, mtu }) => [
            southbound,
            { ...link, mtu, iface: southbound.split('.')[0], vlanid },
          ]),
      ),
      nameservers: [],
    }),
    change(name, change) {
      networks = { ...networks, [name]: { ...networks[name], ...change } }
    },
    verbs: {
      'Host.getNetworkCapabilities': async () => host.capabilities(),
      'Host.getNetworkStatistics': async () => ({ network: { eth1: { state: 'up', rx: '12', tx: '7' } } }),
      'Host.confirmConnectivity': async () => {
        host.heard++
        return true
      },
      'Host.setSafeNetworkConfig': async () => true,
      'Host.setupNetworks': async (params: any) => {
        host.asked.push(params)
        networks = replaced(networks, params.networks, networkTold)
        bondings = replaced(bondings, params.bondings, bondTold)
        return { code: 0, message: 'Done' }
      },
    },
  }
  const bondTold = ({ nics, options }: any) => ({
    ...link,
    hwaddr: '02:00:00:00:00:aa',
    slaves: nics,
    opts: Object.fromEntries(options.split(' ').map((option: string) => option.split('='))),
  })
  return host
}

function replaced(before: Record<string, any>, asked: Record<string, any>, told: (asked: any) => object) {
  const after = { ...before }
  for (const [name, item] of Object.entries(asked)) {
    if (!item.remove) after[name] = told(item)
    else if (name in after) delete after[name]
    else throw vdsmError('NetworkBadBridge', `Cannot delete network ${name}: It doesn't exist in the system`)
  }
  return after
}

function networkTold({ nic, bonding, vlan, bridged, mtu, ipaddr = '', netmask = '', ...asked }: any) {
  const base = nic ?? bonding
  return {
    bridged,
    southbound: vlan === undefined ? base : `${base}.${vlan}`,
    ...(vlan !== undefined && { vlanid: vlan }),
    mtu: String(mtu),
    addr: ipaddr,
    netmask,
    gateway: asked.gateway ?? '',
    ipv6addrs: asked.ipv6addr ? [asked.ipv6addr] : [],
    ipv6gateway: asked.ipv6gateway ?? '::',
    ipv4defaultroute: asked.defaultRoute,
    dhcpv4: asked.bootproto === 'dhcp',
    dhcpv6: asked.dhcpv6,
    ipv6autoconf: asked.ipv6autoconf,
    switch: asked.switch,
  }
}
