// What VMs leave on a host of a laboratory: nothing, once they are destroyed.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'

/** Links, namespaces, files and processes that a host with an agent and without VMs does not have. */
export async function tracesOf(host: LabHost, agentPid?: number): Promise<string[]> {
  const { stdout } = await host.exec(['ls', '/sys/class/net'])
  const links = stdout.split('\n').filter((name) => name !== '' && !belongsToHost.includes(name))
  const run = join(host.dir, 'run')
  return [
    ...links.map((name) => `link ${name}`),
    ...['netns', 'patchbay-agent/vms', 'patchbay-agent/guests', 'patchbay-agent/hook-data', 'vdsm'].flatMap((dir) =>
      list(join(run, dir)).map((name) => `${dir}/${name}`),
    ),
    ...list(join(run, 'patchbay-agent/drivers')).flatMap((driver) =>
      list(join(run, 'patchbay-agent/drivers', driver, 'connected')).map((port) => `${driver}: ${port}`),
    ),
    ...list(join(run, 'libvirt/qemu'))
      .filter((name) => name.endsWith('.xml'))
      .map((name) => `domain ${name}`),
    ...processesOf(host, agentPid).map((command) => `process ${command}`),
  ]
}

/** The last is VDSM's, for NICs that are not connected. */
const belongsToHost = ['lo', 'underlay0', 'bonding_masters', ';vdsmdummy;']

/** libvirt's daemon, what tells the agent of its events, and what waits for the agent's next call. */
const isService = (command: string) => /^(libvirtd |virsh -q -c \S+( uri; event --all --loop)?$)/.test(command)

/** A guest and all that runs in it has its host's UTS namespace. */
function processesOf(host: LabHost, agentPid: number | undefined): string[] {
  const own = readlinkSync(`/proc/${host.pid}/ns/uts`)
  return list('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== host.pid && Number(pid) !== agentPid)
    .flatMap((pid) => {
      try {
        if (readlinkSync(`/proc/${pid}/ns/uts`) !== own) return []
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return command === '' || isService(command) ? [] : command
      } catch {
        return []
      }
    })
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
