// What is on a host of the laboratory that a driver may have made: to see that nothing of it is left.
import { readdirSync, readFileSync } from 'node:fs'
import type { LabHost } from '../../../lab/hosts/lab-host.ts'
import { stateDirOn } from './driver-process.ts'

/** Links, network namespaces, nft tables, processes of the driver's, and its files; a line each. */
export async function tracesOn(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec(['sh', '-c', look, 'sh', stateDirOn(host)])
  return [...stdout.split('\n').filter((line) => line !== ''), ...processesWith(stateDirOn(host))]
}

const look = `
for link in /sys/class/net/*; do echo "link \${link##*/}"; done
for namespace in /run/netns/*; do [ -e "$namespace" ] && echo "namespace \${namespace##*/}"; done
nft list tables 2>/dev/null
find "$1" "$1"-* -type f 2>/dev/null
exit 0`

/** Hosts share their process table with this machine, so the driver's are known by the path of its files. */
function processesWith(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter((command) => command.includes(path) && !command.includes('driver-runner.ts'))
    .map((command) => `process ${command}`)
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}
