// The guests that libvirt has on this host, by id and by name: events come with names, all others ask by id.
import type { Virsh } from '../virsh/virsh.ts'

export interface ListedGuest {
  readonly vmId: string
  readonly name: string
  readonly running: boolean
}

/** All that are active. One that is being received is not running. */
export async function listGuests(virsh: Virsh): Promise<ListedGuest[]> {
  const running = await virsh.call(['list', '--uuid', '--state-running'])
  return parseGuests(`${running}${await virsh.call(['list', '--uuid', '--name'])}`)
}

/** Lines of an id alone name those that run, lines of an id and a name all. */
export function parseGuests(text: string): ListedGuest[] {
  const lines = text.split('\n').map((line) => /^(\S+) *(.*?) *$/.exec(line))
  const running = new Set(lines.map((line) => (line?.[2] === '' ? line[1] : undefined)))
  return lines.flatMap((line) => {
    const [, vmId = '', name = ''] = line ?? []
    return name === '' ? [] : { vmId, name, running: running.has(vmId) }
  })
}
