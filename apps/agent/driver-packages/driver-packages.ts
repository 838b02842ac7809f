// Drivers that an engine installs on this host, changes and removes, while VMs run.
import type { KeyObject } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DriverHost } from '@patchbay/vif-driver/contract.ts'
import { readDriverPackage } from '@patchbay/vif-driver/exec/driver-package.ts'
import { startExecDriver } from '@patchbay/vif-driver/exec/exec-driver.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import { openPackage } from '@patchbay/vif-driver/package-file/open-package.ts'
import type { DriverRegistry } from '../drivers/driver-registry.ts'
import { createDriverSlot, type DriverSlot } from './driver-slot.ts'
import { type InstalledPackage, openPackageStore, type PackageInUse } from './package-store.ts'

export interface PackageRequest {
  readonly digest: string
  readonly options: Readonly<Record<string, unknown>>
  /** Publishers that the caller trusts; they count only where this host has no list of its own. */
  readonly signers: readonly KeyObject[]
}

export interface DriverPackages {
  /** What is installed, and why it does not work where it does not. */
  report(): readonly (Omit<PackageInUse, 'options'> & { readonly error?: string | undefined })[]
  /** Starts what was installed before. What cannot be started is reported; it does not keep the host from working. */
  start(): Promise<void>
  /** Takes part of a package; answers how many bytes of it are there. `offset` must be that number. */
  receive(digest: string, offset: number, part: Buffer): number
  /** Answers undefined once the driver is in use, or how many bytes have arrived while the package is not whole. */
  install(request: PackageRequest): Promise<number | undefined>
  /** Refused while a NIC of a VM is its. Succeeds when it is not installed. */
  remove(name: string): Promise<void>
}

export interface DriverPackagesParts {
  readonly dir: string
  readonly registry: DriverRegistry
  /** Of this host's configuration; undefined: those of the caller. */
  readonly signers: readonly KeyObject[] | undefined
  hostFor(driverName: string): DriverHost
  /** Whether a NIC of a VM belongs to the driver. */
  isUsed(driverName: string): boolean
  readonly log: { error(fields: object, message: string): void; info(fields: object, message: string): void }
}

export const packageBounds = { bytes: 64 * 1024 * 1024 }

const withoutPrevious = ({ previous: _older, ...row }: InstalledPackage): PackageInUse => row

export function createDriverPackages(parts: DriverPackagesParts): DriverPackages {
  const { registry, hostFor, log } = parts
  const store = openPackageStore(parts.dir)
  const slots = new Map<string, DriverSlot>()
  const errors = new Map<string, string>()
  const locks = createLocks()

  /** In use from now on; throws when it does not start, or another driver serves a plugin type of it. */
  async function use({ name, digest, options }: PackageInUse): Promise<void> {
    const start = () => startExecDriver(readDriverPackage(store.folderOf(digest)), options, hostFor(name))
    const slot = slots.get(name)
    if (slot) await slot.replace(start)
    const used = slot ?? createDriverSlot(await start())
    registry.put(used.driver())
    slots.set(name, used)
    errors.delete(name)
  }

  /** The new version must start, and be no stranger's: before anything is changed. */
  async function tryOut({ name, digest, options }: PackageInUse): Promise<void> {
    if (registry.byName(name) && !slots.has(name))
      throw new Error(`the configuration of this host has a driver ${name} of its own`)
    const scratch = mkdtempSync(join(tmpdir(), 'patchbay-driver-'))
    try {
      const host = { ...hostFor(name), stateDir: scratch }
      registry.check(await startExecDriver(readDriverPackage(store.folderOf(digest)), options, host))
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }

  /** What is asked for, unpacked; undefined while bytes of it are missing. */
  async function unpacked({ digest, options, signers }: PackageRequest): Promise<PackageInUse | undefined> {
    const here = store.installed().flatMap((row) => [row, ...(row.previous ? [row.previous] : [])])
    const known = here.find((each) => each.digest === digest && existsSync(store.folderOf(digest)))
    if (known) return { ...withoutPrevious(known), options }
    const bytes = store.arrival(digest)
    if (!bytes) return undefined
    const opened = await openPackage(bytes, parts.signers ?? signers)
    store.unpack(opened)
    const { name, version } = opened.manifest
    return { name, version, digest, signer: opened.signer, options }
  }

  /** Written down first: an agent that dies now comes back with the new version. */
  async function replaceBy(wanted: PackageInUse): Promise<void> {
    const before = store.installed().find(({ name }) => name === wanted.name)
    const previous = before?.digest === wanted.digest ? before.previous : before && withoutPrevious(before)
    store.record({ ...wanted, previous })
    try {
      await use(wanted)
    } catch (error) {
      if (before) store.record(before)
      else store.forget(wanted.name)
      throw error
    }
  }

  return {
    report: () =>
      store
        .installed()
        .map(({ name, version, digest, signer }) => ({ name, version, digest, signer, error: errors.get(name) })),
    async start() {
      for (const installed of store.installed()) {
        try {
          if (registry.byName(installed.name)) throw new Error('the configuration has a driver of this name')
          await use(installed)
        } catch (error) {
          errors.set(installed.name, (error as Error).message)
          log.error({ driver: installed.name, err: error }, 'an installed driver does not start')
        }
      }
    },
    receive(digest, offset, part) {
      const arrived = store.arrived(digest)
      if (offset !== arrived) return arrived
      if (arrived + part.length > packageBounds.bytes)
        throw new Error(`a driver package is at most ${packageBounds.bytes} bytes`)
      store.append(digest, part)
      return arrived + part.length
    },
    install: (request) =>
      locks.exclusive('packages', async () => {
        try {
          const wanted = await unpacked(request)
          if (!wanted) return store.arrived(request.digest)
          await tryOut(wanted)
          await replaceBy(wanted)
          log.info({ driver: wanted.name, version: wanted.version }, 'a driver was installed')
        } catch (error) {
          store.tidy()
          throw error
        }
        store.tidy()
        return undefined
      }),
    remove: (name) =>
      locks.exclusive('packages', async () => {
        if (!store.installed().some((each) => each.name === name)) return
        if (parts.isUsed(name)) throw new Error(`NICs of VMs are connected by ${name}: unplug them first`)
        registry.remove(name)
        slots.delete(name)
        errors.delete(name)
        store.forget(name)
        store.tidy()
        log.info({ driver: name }, 'a driver was removed')
      }),
  }
}
