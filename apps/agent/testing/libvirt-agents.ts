// Agents on hosts of a laboratory with a libvirtd each: VMs that they run boot a real guest.
import { guestImage } from '../../../lab/guests/guest-image.ts'
import { bootImage, type LibvirtHost, prepareLibvirt } from '../../../lab/guests/libvirt-host.ts'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import type { Lab } from '../../../lab/lab.ts'
import { type LabAgent, startLabAgent } from './lab-agent.ts'

export interface LibvirtAgent extends AsyncDisposable {
  readonly host: LabHost
  readonly agent: LabAgent
  readonly libvirtd: LibvirtHost
  /** virsh on the host. */
  virsh(...args: readonly string[]): Promise<string>
  /** Pid of the guest's QEMU. */
  qemuOf(vmId: string): Promise<number>
}

/** On each host of the laboratory, which they do not outlive. `config`: more keys of the agents' configuration. */
export async function startLibvirtAgents(
  lab: Lab,
  config: (host: LabHost) => object = () => ({}),
): Promise<LibvirtAgent[]> {
  const image = await guestImage()
  return Promise.all(
    lab.hosts.map(async (host) => {
      const libvirtd = await prepareLibvirt(host)
      await libvirtd.start()
      const agent = await startLabAgent(host, { config: { hypervisor: 'libvirt', ...config(host) } })
      bootImage(agent.bed.hooksDir, image)
      const virsh = async (...args: readonly string[]) =>
        (await host.exec(['virsh', '-q', '-c', 'qemu:///system', ...args], { timeoutMs: 30_000 })).stdout
      return {
        host,
        agent,
        libvirtd,
        virsh,
        async qemuOf(vmId) {
          const name = (await virsh('domname', vmId)).trim()
          return Number((await host.exec(['cat', `/run/libvirt/qemu/${name}.pid`])).stdout)
        },
        [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose](),
      }
    }),
  )
}
