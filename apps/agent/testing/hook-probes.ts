// Hook scripts that write down what they get at each hook point, to be held against docs/vdsm-hooks.md.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hookPoints } from '../hooks/hook-points.ts'
import type { LabAgent } from './lab-agent.ts'

export interface DocumentedHook {
  /** `before_nic_hotplug device-xml device`, as a probe writes it. */
  readonly line: string
  /** It comes with a verb that changes a machine. */
  readonly ofMachine: boolean
}

export function documentedHooks(): DocumentedHook[] {
  const page = readFileSync(new URL('../../../docs/vdsm-hooks.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| `(\w+)` \| (\S+) \| (\w+|–)(?:, [^|]+)? \| .+ \| .+ \| (.+) \|$/gm)
  return [...rows].map(([, point, payload, environment, verb]) => ({
    line: `${point} ${payload} ${environment}`,
    ofMachine: /^`VM\.(hot(un)?plug(Disk|Memory)|setNumberOfCpus|setTicket)`/.test(verb!),
  }))
}

/** Beside the scripts of the bed. */
export function installProbes(agent: LabAgent): void {
  const probe = `#!/bin/sh
point=\${0%/*}; point=\${point##*/}
file=\${_hook_json:-$_hook_domxml}
[ -z "$_hook_json" ] || [ -z "$_hook_domxml" ] || exit 1
root=$(tr '\\n' ' ' < "$file" | sed 's/^<?[^>]*> *//; s/^<\\([a-z]*\\).*/\\1/; s/^[[{].*/json/')
case $root in interface | disk | memory) payload=device-xml ;; domain) payload=domain-xml ;; '') payload=none ;; *) payload=$root ;; esac
environment=–
[ -z "$vmId" ] || environment=VM
[ -z "$vnic_id$disk_id" ] || environment=device
echo "$point $payload $environment" >> ${probedFile(agent)}
`
  appendFileSync(probedFile(agent), '')
  for (const point of Object.keys(hookPoints)) {
    mkdirSync(join(agent.bed.hooksDir, point), { recursive: true })
    writeFileSync(join(agent.bed.hooksDir, point, '60_probe'), probe, { mode: 0o755 })
  }
}

/** The lines of all points so far. */
export function probed(agent: LabAgent): string[] {
  const lines = existsSync(probedFile(agent)) ? readFileSync(probedFile(agent), 'utf8').trim().split('\n') : []
  return lines.filter((line) => line !== '')
}

const probedFile = ({ bed }: LabAgent) => join(bed.dir, 'probed')
