// Installs a VIF driver on a host with VDSM: its folder, a Python module that speaks the exec protocol, and a script of a
// few lines at each hook point. Nothing else is needed there than what VDSM has.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { DriverPackage } from '@patchbay/vif-driver/exec/driver-package.ts'
import { driverHookPoints } from './hook-points.ts'

export interface HookedHost {
  /** Where the host's files are: `/`, or a folder that becomes a host's, such as that of a package that is being built. */
  readonly root: string
  /** This and the others as on the host. */
  readonly hooksDir: string
  /** For the drivers and what their scripts share. */
  readonly libexecDir: string
  readonly sudoersDir: string
  /** VDSM's, where what the driver answered is kept. */
  readonly runDir: string
}

export interface Installation {
  readonly name: string
  readonly version: string
  readonly pluginTypes: readonly string[]
  /** As on the host. */
  readonly executable: string
  readonly verbs: readonly string[]
  readonly options: object
  readonly timeoutMs: number
}

const scriptPrefix = '50_patchbay_'

/**
 * Replaces an earlier version of the driver. Answers the hook points that have a script now. The options may hold
 * secrets: only root, and VDSM's group where there is one, can read them.
 */
export function installHooks(
  host: HookedHost,
  { folder, executable, manifest }: DriverPackage,
  given: Pick<Installation, 'verbs' | 'options' | 'timeoutMs'>,
): string[] {
  const { name, version, pluginTypes } = manifest
  const home = join(host.libexecDir, name)
  const installed = join(home, 'driver', relative(folder, executable))
  const installation: Installation = { name, version, pluginTypes, executable: installed, ...given }
  const fresh = join(host.root, `${home}.new`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  cpSync(folder, join(fresh, 'driver'), { recursive: true, dereference: true })
  for (const module of ['vif_hook.py', 'vif_nics.py', 'vif_driver.py'])
    cpSync(join(import.meta.dirname, 'python', module), join(fresh, module))
  writeInstallation(host, join(fresh, 'installation.json'), installation)
  rmSync(join(host.root, home), { recursive: true, force: true })
  renameSync(fresh, join(host.root, home))
  writeExecutable(join(host.root, host.sudoersDir, scriptPrefix + name), sudoers(installed), 0o440)

  const points = Object.entries(driverHookPoints).flatMap(([point, verb]) =>
    verb === undefined || given.verbs.includes(verb) ? [point] : [],
  )
  removeScripts(host, name)
  for (const point of points)
    writeExecutable(join(host.root, host.hooksDir, point, scriptPrefix + name), script(point, name, home), 0o755)
  return points
}

/** Removes all that installHooks made. Throws while the driver has NICs, unless `force`. */
export function uninstallHooks(host: HookedHost, name: string, { force = false } = {}): void {
  if (!installedHooks(host).some((each) => each.name === name))
    throw new Error(`no driver ${name} is installed in ${join(host.root, host.hooksDir)}`)
  const nics = namesIn(join(host.root, host.runDir, 'patchbay', name, 'nics')).filter((file) => file.endsWith('.json'))
  if (nics.length > 0 && !force)
    throw new Error(`driver ${name} has ${nics.length} NICs plugged on this host: unplug them, or use --force`)
  removeScripts(host, name)
  rmSync(join(host.root, host.sudoersDir, scriptPrefix + name), { force: true })
  rmSync(join(host.root, host.libexecDir, name), { recursive: true, force: true })
}

export function installedHooks({ root, libexecDir }: HookedHost): Installation[] {
  return namesIn(join(root, libexecDir))
    .map((name) => join(root, libexecDir, name, 'installation.json'))
    .filter((path) => !path.includes('.new/') && existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Installation)
}

/** The hook points that have a script of the driver. */
export function pointsOf({ root, hooksDir }: HookedHost, name: string): string[] {
  return namesIn(join(root, hooksDir)).filter((point) => existsSync(join(root, hooksDir, point, scriptPrefix + name)))
}

function removeScripts(host: HookedHost, name: string): void {
  for (const point of pointsOf(host, name)) rmSync(join(host.root, host.hooksDir, point, scriptPrefix + name))
}

const script = (point: string, name: string, home: string) => `#!/usr/bin/env python3
# VIF driver ${name} at ${point}. Made by \`patchbay driver install-hooks\`; uninstall-hooks removes it.
import sys
sys.path.insert(0, '${home}')
sys.dont_write_bytecode = True
import vif_hook
vif_hook.run('${point}')
`

/** VDSM runs hooks as its own user, and drivers change links. */
const sudoers = (executable: string) => `vdsm ALL=(root) NOPASSWD: ${executable.replaceAll(/[\s,:=\\]/g, '\\$&')}\n`

function writeInstallation({ root }: HookedHost, path: string, installation: Installation): void {
  writeFileSync(path, `${JSON.stringify(installation, undefined, 2)}\n`, { mode: 0o640 })
  const [, group] = /^kvm:[^:]*:(\d+):/m.exec(textOf(join(root, 'etc/group'))) ?? []
  if (group !== undefined && process.getuid?.() === 0) chownSync(path, 0, Number(group))
}

function writeExecutable(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
}

const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const namesIn = (dir: string) => (existsSync(dir) ? readdirSync(dir).sort() : [])
