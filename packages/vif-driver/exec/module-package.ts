// The folder by which a driver that is a module becomes an executable, for hosts that run executables alone.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverManifest } from '../contract.ts'
import { manifestFile } from './driver-package.ts'

const runModule = join(import.meta.dirname, 'run-module.ts')

/**
 * Writes manifest and executable into `folder`. The module keeps work on one thing apart within a process, so calls from
 * several processes take turns. Needs `flock`, and this Node and this package at the same paths.
 */
export function writeModulePackage(folder: string, modulePath: string, manifest: DriverManifest): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, manifestFile), `${JSON.stringify({ ...manifest, exec: 'run' }, undefined, 2)}\n`)
  const argv = ['flock', `/run/lock/patchbay-driver-${manifest.name}`, process.execPath, runModule, modulePath]
  const script = `#!/bin/sh\nexec ${argv.map(quoted).join(' ')} "$1"\n`
  writeFileSync(join(folder, 'run'), script, { mode: 0o755 })
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
