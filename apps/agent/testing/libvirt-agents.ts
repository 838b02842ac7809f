// Agents on hosts of a laboratory with a libvirtd each: VMs that they run boot a real guest.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { guestImage } from '../../../lab/guest-image.ts'
import { createLab, type Lab } from '../../../lab/lab.ts'
import type { LabHost } from '../../../lab/lab-host.ts'
import { bootImage, type LibvirtHost, prepareLibvirt } from '../../../lab/libvirt-host.ts'
import { type LabAgent, startLabAgent } from './lab-agent.ts'

export interface LibvirtAgent {
  readonly host: LabHost
  readonly agent: LabAgent
  readonly libvirtd: LibvirtHost
  /** virsh on the host. */
  virsh(...args: readonly string[]): Promise<string>
  /** Pid of the guest's QEMU. */
  qemuOf(vmId: string): Promise<number>
}

export interface LibvirtLab extends AsyncDisposable {
  readonly lab: Lab
  readonly hosts: readonly LibvirtAgent[]
}

/** `config`: more keys of the agents' configuration. */
export async function startLibvirtAgents(hosts: readonly string[], config: (lab: Lab) => object = () => ({})) {
  await using started = new AsyncDisposableStack()
  const image = await guestImage()
  const lab = started.use(await createLab({ hosts }))
  const begun = lab.hosts.map(async (host): Promise<LibvirtAgent> => {
    const libvirtd = await prepareLibvirt(host)
    await libvirtd.start()
    const agent = await startLabAgent(host, { config: { hypervisor: 'libvirt', ...config(lab) } })
    started.use(agent)
    mkdirSync(agent.bed.hooksDir, { recursive: true })
    bootImage(agent.bed.hooksDir, image)
    const virsh = async (...args: readonly string[]) =>
      (await host.exec(['virsh', '-q', '-c', 'qemu:///system', ...args], { timeoutMs: 30_000 })).stdout
    const qemuOf = async (vmId: string) => {
      const name = (await virsh('domname', vmId)).trim()
      return Number((await host.exec(['cat', join('/run/libvirt/qemu', `${name}.pid`)])).stdout)
    }
    return { host, agent, libvirtd, virsh, qemuOf }
  })
  const all = await Promise.all(begun)
  const stack = started.move()
  return { lab, hosts: all, [Symbol.asyncDispose]: () => stack.disposeAsync() } satisfies LibvirtLab
}
