// What stands around an agent in tests, all of it real: hook scripts at every hook point, and an `ip` before the
// system's. They write down when they are called, and do at a point what a test asked for.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../../../lab/until.ts'
import { hookPoints } from '../hooks/hook-points.ts'

export interface ScriptBed {
  readonly dir: string
  readonly hooksDir: string
  /** A folder with our `ip`, to be first on PATH. */
  readonly binDir: string
  /** Of one VM: lines as `hook before_device_create PORT`, `driver plug_device.before PORT`, `ip 3 netns add …`. */
  journal(vmId: string): string[]
  /**
   * What is done at a point for a VM: `before_vm_start`, `plug_device.before`, `ip` (each call, $n counts them). Shell
   * commands for hook scripts and ip; for drivers see scripted-driver.ts. `hold`: wait there until released.
   */
  at(point: string, vmId: string, what: string): void
  /** Resolves when somebody waits at the point. */
  reached(point: string, vmId: string): Promise<void>
  release(point: string, vmId: string): void
  releaseAll(): void
}

const reachMs = 60_000

export function createScriptBed(dir: string): ScriptBed {
  const hooksDir = join(dir, 'hooks')
  const binDir = join(dir, 'bin')
  const journalFile = join(dir, 'journal')
  const doFile = (point: string, vmId: string) => join(dir, 'do', `${point}.${vmId}`)
  const reachedFile = (point: string, vmId: string) => join(dir, 'reached', `${point}.${vmId}`)

  for (const name of ['bin', 'do', 'reached', 'count']) mkdirSync(join(dir, name), { recursive: true })
  appendFileSync(journalFile, '')
  writeFileSync(join(dir, 'hook'), hookScript(dir), { mode: 0o755 })
  // Those of statistics would be called all the time.
  for (const point of Object.keys(hookPoints).filter((name) => !name.endsWith('_stats'))) {
    mkdirSync(join(hooksDir, point), { recursive: true })
    symlinkSync(join(dir, 'hook'), join(hooksDir, point, '50_test'))
  }
  writeFileSync(join(binDir, 'ip'), ipScript(dir, process.env.PATH ?? ''), { mode: 0o755 })

  return {
    dir,
    hooksDir,
    binDir,
    journal: (vmId) =>
      readFileSync(journalFile, 'utf8')
        .split('\n')
        .flatMap((line) => {
          const [who = '', what = '', whose, ...more] = line.split(' ')
          return whose === vmId ? [who, what, ...more].join(' ').trim() : []
        }),
    at(point, vmId, what) {
      rmSync(reachedFile(point, vmId), { force: true })
      rmSync(join(dir, 'count', vmId), { recursive: true, force: true })
      mkdirSync(join(dir, 'count', vmId))
      writeFileSync(doFile(point, vmId), `${what}\n`)
    },
    async reached(point, vmId) {
      if (await until(() => existsSync(reachedFile(point, vmId)), reachMs)) return
      throw new Error(`nobody came to ${point} of ${vmId} within ${reachMs / 1000} s`)
    },
    release: (point, vmId) => rmSync(doFile(point, vmId), { force: true }),
    releaseAll() {
      rmSync(join(dir, 'do'), { recursive: true })
      mkdirSync(join(dir, 'do'))
    },
  }
}

const hold = 'hold() { : > "$reached"; while [ -e "$do" ]; do sleep 0.02; done; }'

const hookScript = (dir: string) => `#!/bin/sh
point=\${0%/*}; point=\${point##*/}
echo "hook $point $vmId $vnic_id" >> '${dir}/journal'
do='${dir}/do/'$point.$vmId
reached='${dir}/reached/'$point.$vmId
${hold}
[ ! -e "$do" ] || . "$do"
exit 0
`

/** Processes of guests are not held up: the agent does not wait for them. */
const ipScript = (dir: string, path: string) => `#!/bin/sh
PATH='${path}'
input=
case " $* " in
  *' netns exec '*) exec ip "$@" ;;
  *' -batch '*) input=$(cat) ;;
esac
${hold}
for do in '${dir}'/do/ip.*; do
  vmId=\${do##*/ip.}
  case "$* $input" in
    *"$vmId"*) ;;
    *) continue ;;
  esac
  reached='${dir}/reached/ip.'$vmId
  n=1
  until mkdir '${dir}/count/'$vmId/$n 2> /dev/null; do n=$((n + 1)); done
  echo "ip $n $vmId $* $input" | tr '\\n' ' ' >> '${dir}/journal'
  echo >> '${dir}/journal'
  [ ! -e "$do" ] || . "$do"
done
case " $* " in
  *' -batch '*) printf '%s\\n' "$input" | ip "$@" ;;
  *) exec ip "$@" ;;
esac
`
