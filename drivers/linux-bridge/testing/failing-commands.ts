// System tools that fail, or that kill the driver, at the N-th time one of them is called: wrappers, first on PATH.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `killed-before`: the driver dies instead of the command being run; `killed-after`: once it was run. */
export type Misfortune = 'fails' | 'killed-before' | 'killed-after'

export interface FailingCommands {
  /** For the driver's process. */
  readonly env: Record<string, string>
  /** Counts from the next command on. */
  arm(misfortune: Misfortune, nth: number): void
  disarm(): void
  /** Whether the N-th command was reached since the last `arm`. */
  happened(): boolean
}

const commands = ['ip', 'bridge', 'nft', 'dnsmasq']

/** `dir` has to be visible where the driver runs. */
export function failingCommands(dir: string): FailingCommands {
  const bin = join(dir, 'bin')
  mkdirSync(bin, { recursive: true })
  for (const command of commands) writeFileSync(join(bin, command), wrapper(command, dir), { mode: 0o755 })
  const path = process.env.PATH ?? ''
  const plan = join(dir, 'plan')
  const left = join(dir, 'left')
  const arm = (misfortune: string, nth: number) => {
    writeFileSync(plan, misfortune)
    writeFileSync(left, `${nth}`)
  }
  arm('', 0)
  return {
    env: { PATH: `${bin}:${path}`, REAL_PATH: path },
    arm,
    disarm: () => arm('', 0),
    happened: () => Number(readFileSync(left, 'utf8')) <= 0,
  }
}

// The driver is the parent of each, also of a dnsmasq that `ip netns exec` became.
const wrapper = (command: string, dir: string) => `#!/bin/sh
left=$(($(cat ${dir}/left) - 1))
echo $left > ${dir}/left
PATH=$REAL_PATH
[ $left = 0 ] || PATH=${dir}/bin:$PATH exec $(command -v ${command}) "$@"
case $(cat ${dir}/plan) in
  fails) cat > /dev/null; echo '${command} was made to fail' >&2; exit 1 ;;
  killed-before) kill -9 $PPID ;;
  killed-after) ${command} "$@"; kill -9 $PPID ;;
esac
`
