// A virtual machine without engine and agent, which a script moves as one does by hand: `virsh migrate`, and its port is told
// where it is now when that has ended.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { leaseOf } from '../../lab/guests/guest.ts'
import { type GuestImage, guestImage } from '../../lab/guests/guest-image.ts'
import type { LabHost } from '../../lab/hosts/lab-host.ts'
import type { Constellation } from '../../lab/services/constellation.ts'

const moveMs = 60_000

/** Booted. */
export async function bareGuest({ provider, inGuest }: Constellation, network_id: string, host: LabHost) {
  const vmId = randomUUID()
  const port = await provider.ports.create({ network_id, 'binding:host_id': host.name })
  const xml = domain(vmId, { id: port.id, mac: port.mac_address! }, await guestImage())
  await host.exec(
    ['sh', '-c', 'cat > "$1" && virsh -q -c qemu:///system create "$1"', 'sh', join(host.dir, 'bare.xml')],
    {
      input: xml,
    },
  )
  return {
    vmId,
    address: await leaseOf(host, vmId, 'eth0', inGuest),
    async move(from: LabHost, to: LabHost): Promise<void> {
      const way = ['--live', '--p2p', vmId, `qemu+tcp://${to.address}/system`]
      await from.exec(['virsh', '-q', '-c', 'qemu:///system', 'migrate', ...way], { timeoutMs: moveMs })
      await provider.ports.update(port.id, { 'binding:host_id': to.name })
    },
  }
}

/** As the laboratory's VMs of an engine are: an emulated CPU, a console, a shell, and frames with checksums. */
const domain = (vmId: string, { id, mac }: { id: string; mac: string }, { kernel, initrd }: GuestImage) => `
<domain type="qemu"><name>bare</name><uuid>${vmId}</uuid><memory unit="MiB">96</memory><vcpu>1</vcpu>
<os><type arch="x86_64" machine="pc">hvm</type><kernel>${kernel}</kernel><initrd>${initrd}</initrd>
<cmdline>console=ttyS0 panic=-1 quiet</cmdline></os>
<features><acpi/><apic/><tcg><tb-cache unit="MiB">64</tb-cache></tcg></features>
<cpu mode="custom" match="exact" check="none"><model fallback="allow">qemu64</model></cpu>
<devices><controller type="usb" model="none"/><memballoon model="none"/>
<serial type="file"><source path="/run/patchbay-guests/${vmId}.log" append="on"/><target port="0"/></serial>
<channel type="unix"><source mode="bind" path="/run/patchbay-guests/${vmId}.sock"/>
<target type="virtio" name="patchbay.shell"/></channel>
<interface type="bridge"><mac address="${mac}"/><source bridge="br-int"/>
<virtualport type="openvswitch"><parameters interfaceid="${id}"/></virtualport><model type="virtio"/>
<driver name="qemu"><host csum="off" gso="off" tso4="off" tso6="off" ecn="off" ufo="off"/></driver></interface>
</devices></domain>`
