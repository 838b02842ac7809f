// What connects one NIC to OVN without Patchbay: the commands that a script would run, and the two things that nobody can
// leave out, a row in Open vSwitch's database and OVN's own work.
import { Replica } from '@patchbay/ovsdb/cache/replica.ts'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import { openVSwitch } from '@patchbay/ovsdb/generated/open-vswitch.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operation-builders.ts'
import type { LabHost } from '../../lab/lab-host.ts'

export interface BareNic {
  readonly portId: string
  readonly mac: string
  /** The guest's namespace, which exists. */
  readonly namespace: string
}

const tap = 'bare0'

/** Milliseconds from the script's first command to its last; the NIC is removed again. */
export async function bareScript(host: LabHost, { portId, mac, namespace }: BareNic): Promise<number> {
  const { stdout } = await host.exec(['sh', '-c', script, 'sh', portId, mac, namespace])
  await removeTap(host)
  return Number(stdout) / 1e6
}

const script = `
set -e
begun=$(date +%s%N)
ip link add ${tap} mtu 1442 type veth peer name bare address $2 mtu 1442 netns $3
ip netns exec $3 ethtool -K bare tx off > /dev/null
ip -n $3 link set bare up
ip link set ${tap} up
ovs-vsctl add-port br-int ${tap} -- set interface ${tap} external_ids:iface-id=$1 external_ids:attached-mac=$2
ovs-vsctl --timeout=10 wait-until interface ${tap} external_ids:ovn-installed=true
echo $(($(date +%s%N) - begun))
`

/** Milliseconds for the row and OVN's work alone, through a connection that is there; the NIC is removed again. */
export async function bareRow(host: LabHost, remote: string, { portId, mac, namespace }: BareNic): Promise<number> {
  await host.exec(['sh', '-c', makeTap, 'sh', mac, namespace])
  const client = new OvsdbClient({ remotes: [remote], database: openVSwitch })
  const replica = new Replica(client, { tables: { Interface: ['name', 'external_ids'], Bridge: ['name'] } })
  try {
    await replica.whenSynced()
    const interfaces = replica.table('Interface').index('name')
    const bridge = replica.table('Bridge').index('name').get('br-int')!
    const begun = performance.now()
    await client.transact([
      ovs.insert(
        'Interface',
        { name: tap, external_ids: { 'iface-id': portId, 'attached-mac': mac } },
        { name: 'nic' },
      ),
      ovs.insert('Port', { name: tap, interfaces: ['nic'] }, { name: 'port' }),
      ovs.mutate('Bridge', [['_uuid', '==', bridge._uuid]], [['ports', 'insert', 'port']]),
    ])
    const isInstalled = () => interfaces.get(tap)?.external_ids['ovn-installed'] === 'true'
    await replica.waitFor(isInstalled, { timeoutMs: 10_000 })
    return performance.now() - begun
  } finally {
    replica.close()
    await client.close()
    await removeTap(host)
  }
}

const ovs = operationsOn(openVSwitch)

const makeTap = `
set -e
ip link add ${tap} mtu 1442 type veth peer name bare address $1 mtu 1442 netns $2
ip -n $2 link set bare up
ip link set ${tap} up
`

const removeTap = (host: LabHost) =>
  host.exec(['sh', '-c', `ovs-vsctl --if-exists del-port br-int ${tap}; ip link del ${tap}`])
