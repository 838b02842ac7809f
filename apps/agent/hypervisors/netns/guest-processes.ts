// What runs in a netns guest: a DHCP client for each NIC. The guest's processes outlive the agent.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '@patchbay/vif-driver/command.ts'
import { namespaceOf } from './guest-nics.ts'

const script = join(import.meta.dirname, 'guest-dhcp.sh')

export interface DhcpClientFiles {
  readonly log: string
  readonly pid: string
}

/** Starts a DHCP client that asks until it is answered, for `address` if the guest has one already. */
export async function startDhcpClient(
  vmId: string,
  { device, hostName, address }: { device: string; hostName: string; address?: string },
  files: DhcpClientFiles,
): Promise<void> {
  const log = openSync(files.log, 'a')
  const wish = address ? ['-r', address] : []
  const client = ['busybox', 'udhcpc', '-f', '-i', device, '-s', script, '-p', files.pid, '-x', `hostname:${hostName}`]
  const bounds = ['-t', '20', '-T', '1', '-A', '5']
  const child = spawn('ip', ['netns', 'exec', namespaceOf(vmId), ...client, ...bounds, ...wish], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  await once(child, 'spawn')
  child.unref()
}

/** Ends the client of one NIC. Succeeds when there is none. */
export function stopDhcpClient({ pid: pidFile }: DhcpClientFiles): void {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (pid > 0) kill(pid)
  rmSync(pidFile, { force: true })
}

/** Ends everything that runs in the guest, also what a visitor started there. */
export async function endProcesses(vmId: string): Promise<void> {
  const pids = (await run(['ip', 'netns', 'pids', namespaceOf(vmId)])).split('\n').filter((line) => line !== '')
  for (const pid of pids) kill(Number(pid))
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
