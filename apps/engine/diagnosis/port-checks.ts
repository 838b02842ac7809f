// The provider's port of the vNIC: that it is the right one, bound where the VM is, wired, and has an address.

import type { Facts } from './facts.ts'
import { broken, type Check, ok, skipped, unknown } from './finding.ts'
import { wiringOnHost } from './host-checks.ts'
import { answered } from './network-checks.ts'

const rebind = 'Unplug the vNIC and plug it again: its port is then made anew, or bound where the VM is.'

const port: Check = {
  name: 'port',
  look(facts) {
    const external = answered(facts)
    if (!external) return skipped('the provider says nothing')
    const { network, nic } = facts
    const [found, ...others] = external.ports
    if (!found) return broken('the provider has no port for this vNIC', rebind)
    if (others.length > 0)
      return broken(`the provider has ${external.ports.length} ports for this vNIC`, 'Remove those that are not bound.')
    if (found.network_id !== network?.externalId) return broken(`port ${found.id} is on another network`, rebind)
    if (found.mac_address?.toLowerCase() !== nic.mac.toLowerCase())
      return broken(`port ${found.id} has the MAC address ${found.mac_address}, not ${nic.mac}`, rebind)
    if (found.admin_state_up === false)
      return broken(`port ${found.id} is set down on the provider`, 'Set its admin_state_up to true there.')
    return ok(found.id)
  },
}

const binding: Check = {
  name: 'binding',
  look(facts) {
    const { host, bindingHostId } = facts
    const found = portOf(facts)
    if (!found || !host) return skipped('there is no port, or no host')
    const bound = found['binding:host_id']
    if (bound === undefined) return unknown('the provider does not say where the port is bound')
    if (bound !== bindingHostId)
      return broken(`the port is bound to ${bound || 'no host'}, and the VM runs on ${bindingHostId}`, rebind)
    if (found['binding:vif_type'] === 'binding_failed')
      return broken(
        `the provider could not bind the port on ${bound}`,
        "Look at the provider's log, and at its agent on that host.",
      )
    return ok(`bound to ${bound}`)
  },
}

const dataPlane: Check = {
  name: 'data plane',
  look(facts) {
    const { host, provider } = facts
    const found = portOf(facts)
    if (!found || !host) return skipped('there is no port, or no host')
    const { state, stateDetail } = wiringOnHost(facts) ?? {}
    if (state === 'down')
      return broken(
        `${host.name} carries no frames of the port${stateDetail ? `: ${stateDetail}` : ''}`,
        `Mend that on ${host.name}; where nothing is said, the log of its agent says more.`,
      )
    if (found.status === 'ACTIVE') return ok('the port is ACTIVE: it carries frames')
    if (found.status === undefined)
      return state === 'up'
        ? ok(`${host.name} carries its frames`)
        : unknown('neither provider nor host says whether the port carries frames')
    return broken(
      `the port is ${found.status}`,
      provider?.pluginType === 'OVIRT_PROVIDER_OVN'
        ? `On ${host.name}, look whether ovn-controller runs and knows the port: ovs-vsctl find interface external_ids:iface-id=${found.id}`
        : `On ${host.name}, look at the log of the agent and of the driver for port ${found.id}.`,
    )
  },
}

const address: Check = {
  name: 'address',
  look(facts) {
    const external = answered(facts)
    const found = portOf(facts)
    if (!external || !found) return skipped('there is no port')
    const addresses = (found.fixed_ips ?? []).map(({ ip_address }) => ip_address)
    if (external.subnets.length === 0)
      return unknown('the network has no subnet: the guest needs an address of its own')
    if (addresses.length === 0)
      return broken(
        'the port has no address',
        'It is older than the subnet: unplug the vNIC, remove its port, plug it again.',
      )
    const own = external.subnets.filter(({ id }) => found.fixed_ips?.some(({ subnet_id }) => subnet_id === id))
    if (own.length > 0 && own.every(({ enable_dhcp }) => enable_dhcp === false))
      return unknown(`${addresses.join(', ')}, but DHCP is off there: the guest must be given it`)
    return ok(`${addresses.join(', ')}, by DHCP`)
  },
}

const portOf = (facts: Facts) => answered(facts)?.ports[0]

export const portChecks: readonly Check[] = [port, binding, dataPlane, address]
