// Driver packages on this host's disk: the folders of drivers, and which of them is in use. Every change is one rename.
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { OpenedPackage } from '@patchbay/vif-driver/package-file/open-package.ts'

export interface PackageInUse {
  readonly name: string
  readonly version: string
  /** SHA-256 of the package, hex. */
  readonly digest: string
  readonly signer: string
  /** The driver's own, as for a driver of the configuration. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface InstalledPackage extends PackageInUse {
  /** What it took the place of: its folder stays, for the way back. */
  readonly previous?: PackageInUse | undefined
}

export interface PackageStore {
  installed(): readonly InstalledPackage[]
  /** Takes the place of what had the name. */
  record(installed: InstalledPackage): void
  forget(name: string): void
  /** The driver's folder, whether or not it is there. */
  folderOf(digest: string): string
  /** Writes the driver's folder: whole, or not at all. */
  unpack(opened: OpenedPackage): void
  /** Bytes that have arrived of a package. */
  arrived(digest: string): number
  /** Another package that was arriving is forgotten. */
  append(digest: string, part: Buffer): void
  /** The whole package; undefined while bytes are missing. */
  arrival(digest: string): Buffer | undefined
  /** Removes arrivals, and folders that nobody needs any more, such as what an end of the agent left half-written. */
  tidy(): void
}

export function openPackageStore(dir: string): PackageStore {
  const [drivers, arrivals, list] = [join(dir, 'drivers'), join(dir, 'arrivals'), join(dir, 'installed.json')]
  for (const folder of [drivers, arrivals]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  let installed: readonly InstalledPackage[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []

  function save(changed: readonly InstalledPackage[]): void {
    writeFileSync(`${list}.new`, JSON.stringify(changed, undefined, 2), { flush: true })
    renameSync(`${list}.new`, list)
    installed = changed
  }

  function tidy(): void {
    for (const name of readdirSync(arrivals)) rmSync(join(arrivals, name))
    const needed = new Set(installed.flatMap(({ digest, previous }) => [digest, previous?.digest]))
    for (const name of readdirSync(drivers).filter((name) => !needed.has(name)))
      rmSync(join(drivers, name), { recursive: true })
  }

  const folderOf = (digest: string) => join(drivers, digest)
  const arrivalOf = (digest: string) => join(arrivals, digest)
  tidy()
  return {
    installed: () => installed,
    record: (row) => save([...installed.filter(({ name }) => name !== row.name), row]),
    forget: (name) => save(installed.filter((row) => row.name !== name)),
    folderOf,
    unpack({ digest, files }) {
      const begun = `${folderOf(digest)}.new`
      rmSync(begun, { recursive: true, force: true })
      for (const { path, content, executable } of files) {
        mkdirSync(dirname(join(begun, path)), { recursive: true })
        writeFileSync(join(begun, path), content, { mode: executable ? 0o755 : 0o644, flush: true })
      }
      rmSync(folderOf(digest), { recursive: true, force: true })
      renameSync(begun, folderOf(digest))
    },
    arrived: (digest) => statSync(arrivalOf(digest), { throwIfNoEntry: false })?.size ?? 0,
    append(digest, part) {
      for (const other of readdirSync(arrivals).filter((name) => name !== digest)) rmSync(join(arrivals, other))
      appendFileSync(arrivalOf(digest), part)
    },
    arrival(digest) {
      if (!existsSync(arrivalOf(digest))) return undefined
      const bytes = readFileSync(arrivalOf(digest))
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : undefined
    },
    tidy,
  }
}
