// The image that a laboratory's virtual machines boot: built once from Debian's packages, and kept outside the sources.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../processes/command.ts'

export interface GuestImage {
  /** An ELF file that takes a PVH start. */
  readonly kernel: string
  readonly initrd: string
}

const recipe = join(import.meta.dirname, 'guest-image')
const buildTimeoutMs = 180_000

/** Hosts see the sources' folder whatever else they have of their own, and so what is kept in it. */
export const cacheDir = join(import.meta.dirname, '../../node_modules/.cache/patchbay')

/** Needs apt, dpkg-deb, lz4 and busybox-static. Says so when the image must be built first. */
export async function guestImage(): Promise<GuestImage> {
  const dir = join(cacheDir, `guest-image-${recipeHash()}`)
  if (!existsSync(dir)) {
    process.stdout.write(`patchbay: building the guest image from Debian's cloud kernel (once; it stays in ${dir})\n`)
    await build(dir)
  }
  return { kernel: join(dir, 'vmlinux'), initrd: join(dir, 'initrd.gz') }
}

/** Beside its place first: it is there as a whole or not at all, and two may build it at the same time. */
async function build(dir: string): Promise<void> {
  mkdirSync(cacheDir, { recursive: true })
  const building = mkdtempSync(`${dir}-`)
  try {
    await runCommand([join(recipe, 'build.sh'), building], { timeoutMs: buildTimeoutMs })
    renameSync(building, dir)
  } catch (error) {
    rmSync(building, { recursive: true })
    if (!existsSync(dir)) throw error
  }
}

function recipeHash(): string {
  const hash = createHash('sha256')
  for (const name of ['build.sh', 'init', 'dhcp']) hash.update(readFileSync(join(recipe, name)))
  return hash.digest('hex').slice(0, 12)
}
