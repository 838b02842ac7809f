// The process that holds a host's mount and UTS namespaces, and what the host sees differently from this machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Stream } from 'node:stream'
import { text } from 'node:stream/consumers'
import { etcHostsFile, type HostPlan, holderRecordFile, type LabPlan } from '../lab-plan.ts'
import { type ProcessRecord, recordProcess } from '../processes/process-record.ts'

/**
 * Empty and private in each host, where this machine has them: daemons then use their compiled-in default paths
 * without meeting those of another host. Missing ones are not created: a lab leaves no trace on the root file system.
 */
const PRIVATE_DIRECTORIES = [
  '/run',
  '/var/lib',
  '/var/log',
  '/var/cache',
  '/etc/libvirt',
  '/etc/openvswitch',
  '/etc/ovn',
  '/usr/libexec/vdsm',
]

/** Programs take their lock files here for granted. */
const LOCK_DIRECTORY = '/run/lock'

const START_TIMEOUT_MS = 30_000
const PROJECT_DIR = dirname(dirname(import.meta.dirname))

/** Resolves when the host's file systems are in place. `lifeline` stays open until then (see reaper.ts). */
export async function startHolder(lab: LabPlan, host: HostPlan, lifeline?: Stream): Promise<ProcessRecord> {
  const privateDirectories = PRIVATE_DIRECTORIES.filter((dir) => existsSync(dir))
  const needed = [...privateDirectories, ...hiddenBy(privateDirectories, host), LOCK_DIRECTORY]
  for (const dir of needed) mkdirSync(join(host.dir, dir), { recursive: true })

  const child = spawn('nsenter', holderArgs(host, hostMounts(lab, host, privateDirectories)), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(lifeline ? [lifeline] : [])],
    env: { PATH: process.env.PATH },
  })
  child.unref()
  await ready(child, host.name)
  return recordProcess(holderRecordFile(host.dir), child.pid!, `host ${host.name}`)
}

async function ready(child: ChildProcess, hostName: string): Promise<void> {
  const late = setTimeout(() => {
    child.kill('SIGKILL')
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, START_TIMEOUT_MS)
  try {
    // Both close when the script becomes `sleep`, or when it fails.
    const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'spawn')])
    if (stdout !== 'ready\n') throw new Error(stderr.trim() || 'ended early')
  } catch (error) {
    throw new Error(`host ${hostName} cannot be set up: ${(error as Error).message}`)
  } finally {
    clearTimeout(late)
  }
}

export interface Mount {
  from: string
  to: string
}

/** In the order to be made. `/run` comes last: it hides the lab's directory, where all the sources are. */
export function hostMounts(lab: LabPlan, host: HostPlan, privateDirectories: readonly string[]): Mount[] {
  const runLast = privateDirectories.toSorted((a, b) => Number(a === '/run') - Number(b === '/run'))
  return [
    { from: join(lab.dir, etcHostsFile(lab.id)), to: '/etc/hosts' },
    // Into the future content of the private directories, which then bring them along.
    ...hiddenBy(privateDirectories, host).map((dir) => ({ from: dir, to: join(host.dir, dir) })),
    ...runLast.map((dir) => ({ from: join(host.dir, dir), to: dir })),
  ]
}

/** What a host must still see although it is below a private directory: its files, this project, this node. */
function hiddenBy(privateDirectories: readonly string[], host: HostPlan): string[] {
  const needed = [host.dir, PROJECT_DIR, dirname(process.execPath)]
  return needed.filter((dir) => privateDirectories.some((hiding) => dir.startsWith(`${hiding}/`)))
}

/** nsenter and unshare do not fork, so the pid of the child is the pid of the holder. */
const holderArgs = (host: HostPlan, mounts: readonly Mount[]) => [
  `--net=/run/netns/${host.namespace}`,
  ...['unshare', '--mount', '--uts', '--propagation', 'private'],
  ...['sh', '-c', HOLDER_SCRIPT, 'sh', host.name, ...mounts.flatMap(({ from, to }) => [from, to])],
]

// - The copies of other namespaces' mounts would keep those alive after their removal.
// - /sys must show the links of this network namespace.
// - Fd 3 is the lifeline.
const HOLDER_SCRIPT = `
set -e
while umount --lazy /run/netns 2> /dev/null; do :; done
mount -t sysfs sysfs /sys
echo "$1" > /proc/sys/kernel/hostname
shift
while [ $# -gt 0 ]; do mount --rbind "$1" "$2"; shift 2; done
cd /
echo ready
exec sleep infinity > /dev/null 2>&1 3>&-
`
