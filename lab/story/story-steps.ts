// The story of an external network, told step by step on a running constellation. Each step checks what it says.
import type { Network } from '@patchbay/networking-api/resources/networks.ts'
import { type GuestShell, leaseOf, ping } from '../guests/guest.ts'
import type { LabHost } from '../hosts/lab-host.ts'
import type { Constellation } from '../services/constellation.ts'
import { addCluster, addHosts, addProvider, importNetwork } from '../services/engine-scene.ts'
import { until } from '../until.ts'

export interface StoryStep {
  readonly title: string
  /** Does the step and answers what was seen. Throws when it does not hold. */
  run(): Promise<string>
}

interface Cast {
  providerId: string
  externalId: string
  subnetId: string
  clusterId: string
  dataCenterId: string
  networkId: string
  profileId: string
  vms: Record<'vm-a' | 'vm-b', { id: string; nicId: string; address: string }>
  secondNic: { id: string; portId: string }
}

const statusTimeoutMs = 30_000

export function storySteps({ lab, dataPlane, engine, provider, urls, password, inGuest }: Constellation): StoryStep[] {
  const cast = { vms: {} } as Cast
  const hostOf = (vm: 'vm-a' | 'vm-b') => lab.host(vm === 'vm-a' ? 'host-a' : 'host-b')
  const portOf = async (nicId: string) => (await provider.ports.list({ device_id: nicId }))[0]
  /** The port of a vNIC once it has a status: OVN tells its provider some milliseconds after the host. */
  const portThatIs = async (status: string, nicId: string) => {
    const hasStatus = async () => (await portOf(nicId))?.status === status
    assert(await until(hasStatus, statusTimeoutMs), `the port of vNIC ${nicId} did not become ${status}`)
    return (await portOf(nicId))!
  }

  return [
    {
      title: 'the provider has a network with a subnet',
      async run() {
        const network = await provider.networks.create({ name: 'blue' })
        const subnet = await provider.subnets.create({
          name: 'blue-v4',
          network_id: network.id,
          ip_version: 4,
          cidr: '10.0.0.0/24',
          dns_nameservers: ['10.0.0.1'],
        })
        Object.assign(cast, { externalId: network.id, subnetId: subnet.id })
        const [pool] = subnet.allocation_pools!
        return `blue: ${networkType(network)}, MTU ${network.mtu}; 10.0.0.0/24, pool ${pool!.start} to ${pool!.end}`
      },
    },
    {
      title: 'the engine knows both hosts, and what providers call them',
      async run() {
        Object.assign(cast, await addCluster(engine, 'lab'))
        await addHosts(
          engine,
          cast.clusterId,
          lab.hosts.map(({ name, address }) => ({ name, address })),
        )
        return `${lab.hosts.map(({ name, address }) => `${name} ${address}`).join(', ')}: up`
      },
    },
    {
      title: 'the provider is added to the engine, and its connection tested',
      async run() {
        const { pluginType } = dataPlane
        const address = { url: urls.provider, authenticationUrl: urls.identity, password, pluginType }
        cast.providerId = await addProvider(engine, address)
        await engine.post(`/openstacknetworkproviders/${cast.providerId}/testconnectivity`)
        return `${urls.provider}, plugin type ${pluginType}: test succeeded`
      },
    },
    {
      title: 'its network is imported and attached to the cluster',
      async run() {
        const networks = `/openstacknetworkproviders/${cast.providerId}/networks`
        const listed = (await engine.list(networks)).map(({ name }) => name)
        assert(listed.includes('blue'), `the provider's networks are ${listed}`)
        Object.assign(cast, await importNetwork(engine, cast, cast))
        const [network] = await engine.list('/networks?search=name%3Dblue')
        const [profile] = await engine.list(`/networks/${cast.networkId}/vnicprofiles`)
        return `network blue, vNIC profile ${profile.name}, MTU ${network.mtu}`
      },
    },
    {
      title: 'two VMs with a vNIC each run on two hosts',
      async run() {
        for (const name of ['vm-a', 'vm-b'] as const) {
          const { id } = await engine.post('/vms', {
            name,
            cluster: { id: cast.clusterId },
            template: { name: 'Blank' },
          })
          const nic = await engine.post(`/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: cast.profileId } })
          cast.vms[name] = { id, nicId: nic.id, address: '' }
          await engine.post(`/vms/${id}/start`, { vm: { host: { name: hostOf(name).name } } })
          const { status } = await engine.get(`/vms/${id}`)
          assert(status === 'up', `${name} is ${status}`)
        }
        return 'vm-a up on host-a, vm-b up on host-b; their CPUs started after their ports were wired'
      },
    },
    {
      title: 'each VM has the address that the provider gave its port, by DHCP',
      async run() {
        const told: string[] = []
        for (const [name, vm] of Object.entries(cast.vms) as ['vm-a' | 'vm-b', Cast['vms']['vm-a']][]) {
          vm.address = await leaseOf(hostOf(name), vm.id, 'eth0', inGuest)
          const port = await portThatIs('ACTIVE', vm.nicId)
          assert(
            port.fixed_ips?.[0]?.ip_address === vm.address,
            `${name} leased ${vm.address}, its port says ${JSON.stringify(port.fixed_ips)}`,
          )
          assert(
            port['binding:host_id'] === hostOf(name).name,
            `the port of ${name} is bound to ${port['binding:host_id']}`,
          )
          told.push(`${name} lease ${vm.address}, port ACTIVE on ${port['binding:host_id']}`)
        }
        return told.join('; ')
      },
    },
    {
      title: 'the VMs reach each other across the hosts',
      async run() {
        return pings(inGuest, hostOf('vm-a'), cast.vms['vm-a'].id, cast.vms['vm-b'].address)
      },
    },
    {
      title: 'a second vNIC is hot-plugged into vm-a',
      async run() {
        const { id: vmId } = cast.vms['vm-a']
        const nic = await engine.post(`/vms/${vmId}/nics`, { name: 'nic2', vnic_profile: { id: cast.profileId } })
        const lease = await leaseOf(hostOf('vm-a'), vmId, 'eth1', inGuest)
        assert(nic.plugged === 'true', 'the vNIC is not plugged')
        const port = await portThatIs('ACTIVE', nic.id)
        cast.secondNic = { id: nic.id, portId: port.id }
        return `lease ${lease}, port ACTIVE on ${port['binding:host_id']}`
      },
    },
    {
      title: 'it is hot-unplugged and deleted',
      async run() {
        const nic = `/vms/${cast.vms['vm-a'].id}/nics/${cast.secondNic.id}`
        await engine.post(`${nic}/deactivate`)
        await portThatIs('DOWN', cast.secondNic.id)
        await engine.delete(nic)
        const ids = (await provider.ports.list()).map(({ id }) => id)
        assert(!ids.includes(cast.secondNic.portId), 'the provider still lists its port')
        return 'port DOWN after the unplug; after the delete, GET ports no longer lists it'
      },
    },
    {
      title: 'vm-a migrates to host-b and keeps its address',
      async run() {
        const { id, nicId, address } = cast.vms['vm-a']
        await engine.post(`/vms/${id}/migrate`, { host: { name: 'host-b' } })
        const here = await leaseOf(lab.host('host-b'), id, 'eth0', inGuest)
        assert(here === address, `it had ${address}, now ${here}`)
        const port = await portThatIs('ACTIVE', nicId)
        assert(port['binding:host_id'] === 'host-b', `its port is bound to ${port['binding:host_id']}`)
        return `${await pings(inGuest, lab.host('host-b'), id, cast.vms['vm-b'].address)}; port ACTIVE, bound to host-b`
      },
    },
  ]
}

/** What takes the story back: everything it made is removed, and the hosts are as they were. */
export function epilogueSteps({ lab, dataPlane, engine, provider }: Constellation): StoryStep[] {
  return [
    {
      title: 'the VMs are stopped and removed',
      async run() {
        for (const vm of await engine.list('/vms')) {
          await engine.post(`/vms/${vm.id}/stop`)
          await engine.delete(`/vms/${vm.id}`)
        }
        const ports = await provider.ports.list()
        assert(ports.length === 0, `the provider still has ${ports.length} ports`)
        return 'GET ports is empty'
      },
    },
    {
      title: 'the network is removed from the engine and from its provider',
      async run() {
        const [network] = await engine.list('/networks')
        await engine.delete(`/networks/${network.id}?remove_from_provider=true`)
        const networks = await provider.networks.list()
        assert(networks.length === 0, `the provider still has ${networks.length} networks`)
        return 'GET networks is empty'
      },
    },
    {
      title: 'nothing is left on the hosts',
      async run() {
        for (const host of lab.hosts) {
          const { stdout } = await host.exec([
            'sh',
            '-c',
            'ls /sys/class/net; ls /run/netns 2>/dev/null; nft list tables; ls /run/libvirt/qemu/*.xml 2>/dev/null || true',
          ])
          const belongsToHost = [...dataPlane.hostLinks, dummyBridge]
          const names = stdout.split('\n').filter((line) => line !== '' && !belongsToHost.includes(line))
          const left = [...names, ...(await dataPlane.leftOn(host))]
          assert(left.length === 0, `${host.name} still has ${left.join(', ')}`)
        }
        return 'no link, port, namespace, virtual machine or filter rule of a guest or its network'
      },
    },
  ]
}

/** VDSM's, for NICs that are not connected: it stays on a host with libvirt. */
const dummyBridge = ';vdsmdummy;'

const networkType = ({ 'provider:network_type': type, 'provider:segmentation_id': id }: Partial<Network>) =>
  id == null ? (type ?? 'a network') : `${type} ${id}`

async function pings(inGuest: GuestShell, host: LabHost, vmId: string, address: string): Promise<string> {
  const answered = await ping(host, vmId, address, inGuest)
  assert(answered === 3, `ping ${address}: ${answered}/3 answered`)
  return `ping ${address} 3/3`
}

function assert(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}
