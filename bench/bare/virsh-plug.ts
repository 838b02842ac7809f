// What plugs one NIC on OVN into a running virtual machine without Patchbay: `virsh attach-device`, and waiting for OVN.
import { join } from 'node:path'
import type { LabHost } from '../../lab/hosts/lab-host.ts'
import { until } from '../../lab/until.ts'

export interface BareNic {
  readonly vmId: string
  readonly portId: string
  readonly mac: string
}

const tap = 'bare0'
/** A guest lets go of its NIC in its own time. */
const goneMs = 30_000

/** Milliseconds from the first command to the last; the NIC is removed again. */
export async function bareVirsh(host: LabHost, { vmId, portId, mac }: BareNic): Promise<number> {
  const file = join(host.dir, 'bare-nic.xml')
  await host.exec(['sh', '-c', 'cat > "$1"', 'sh', file], { input: interfaceXml(portId, mac) })
  const { stdout } = await host.exec(['sh', '-c', script, 'sh', vmId, file])
  await host.exec(['virsh', '-q', '-c', 'qemu:///system', 'detach-device', vmId, file, '--live'])
  const isGone = async () => !(await host.exec(['ls', '/sys/class/net'])).stdout.split('\n').includes(tap)
  if (!(await until(isGone, goneMs))) throw new Error(`the guest does not let go of ${tap}`)
  return Number(stdout) / 1e6
}

/** As the agent's are: frames with checksums, which the userspace datapath needs. */
const interfaceXml = (portId: string, mac: string) => `
<interface type="bridge"><mac address="${mac}"/><source bridge="br-int"/><target dev="${tap}"/><mtu size="1442"/>
<virtualport type="openvswitch"><parameters interfaceid="${portId}"/></virtualport><model type="virtio"/>
<driver name="qemu"><host csum="off" gso="off" tso4="off" tso6="off" ecn="off" ufo="off"/></driver></interface>`

const script = `
set -e
begun=$(date +%s%N)
virsh -q -c qemu:///system attach-device $1 $2 --live > /dev/null
ovs-vsctl --timeout=10 wait-until interface ${tap} external_ids:ovn-installed=true
echo $(($(date +%s%N) - begun))
`
