// The guests that libvirt has on this host, by id and by name: events come with names, all others ask by id.
import type { Virsh } from './virsh.ts'

export interface ListedGuest {
  readonly vmId: string
  readonly name: string
  readonly running: boolean
}

/** All that are active. One that is being received is not running. */
export async function listGuests(virsh: Virsh): Promise<ListedGuest[]> {
  const both = `list --uuid --state-running; echo ${separator}; list --uuid --name`
  return parseGuests(await virsh([both]))
}

const separator = '---'

export function parseGuests(text: string): ListedGuest[] {
  const lines = text.split('\n').map((line) => line.trim())
  const [running, all] = [lines.slice(0, lines.indexOf(separator)), lines.slice(lines.indexOf(separator) + 1)]
  return all.filter(Boolean).map((line) => {
    const [vmId = ''] = line.split(' ', 1)
    return { vmId, name: line.slice(vmId.length).trim(), running: running.includes(vmId) }
  })
}
