// A guest's memory in a file, and back: libvirt keeps the domain with it.
import { withInterfaces } from '../../../domain-xml/domain.ts'
import { type Virsh, xmlFile } from '../virsh/virsh.ts'

/** A guest's memory is written as fast as the disk takes it. */
const savingMs = 30 * 60_000

export function createHibernation(virsh: Virsh) {
  return {
    async save(vmId: string, memoryFile: string): Promise<void> {
      await virsh.call(['save', vmId, memoryFile], { timeoutMs: savingMs })
    },

    /** libvirt takes a domain with other interfaces, if everything that the guest sees of them is the same. */
    async restore(interfaces: readonly string[], memoryFile: string): Promise<void> {
      const xml = withInterfaces(await virsh.call(['save-image-dumpxml', memoryFile]), interfaces)
      await virsh.call(['restore', memoryFile, '--xml', xmlFile, '--paused'], { xml, timeoutMs: savingMs })
    },
  }
}
