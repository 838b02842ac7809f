// An nft that is slow to delete the table: it gives others half a second to put rules in it first.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface TardyNft {
  /** For the driver's process. */
  readonly env: Record<string, string>
  /** Whether a deletion has begun. */
  isDeleting(): boolean
}

/** `dir` has to be visible where the driver runs. */
export function tardyNft(dir: string): TardyNft {
  const bin = join(dir, 'tardy')
  const path = process.env.PATH ?? ''
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'nft'), script(bin), { mode: 0o755 })
  return { env: { PATH: `${bin}:${path}`, REAL_PATH: path }, isDeleting: () => existsSync(join(bin, 'deleting')) }
}

const script = (dir: string) => `#!/bin/sh
PATH=$REAL_PATH
input=$(cat)
case $input in *'delete table'*)
  touch ${dir}/deleting
  for turn in $(seq 50); do [ -e ${dir}/enforced ] || sleep 0.01; done ;;
esac
echo "$input" | nft "$@" || exit
case $input in *'ether saddr'*) [ ! -e ${dir}/deleting ] || touch ${dir}/enforced ;; esac
`
