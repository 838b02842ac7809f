// Makes a driver package: the driver's folder, a list of what is in it, and the publisher's signature of that list.
import { type KeyObject, sign } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { DriverManifest } from '../contract.ts'
import { readDriverPackage } from '../exec/driver-package.ts'
import { type ArchivedFile, writeArchive } from './archive.ts'
import { contentsFile, contentsOf, driverFolder, signatureFile } from './contents.ts'

export interface PackedDriver {
  readonly bytes: Buffer
  readonly manifest: DriverManifest
}

/**
 * `folder`: of a driver that is an executable, with its `driver.json`. `key`: the publisher's private key, Ed25519. The
 * same folder makes the same bytes. Throws an Error that says what is wrong with the folder.
 */
export async function packDriver(folder: string, key: KeyObject): Promise<PackedDriver> {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the key is ${key.asymmetricKeyType}, not ed25519`)
  const { manifest } = readDriverPackage(folder)
  const files = filesIn(folder)
  const contents = Buffer.from(`${JSON.stringify(contentsOf(files), undefined, 2)}\n`)
  const bytes = await writeArchive([
    { path: contentsFile, content: contents, executable: false },
    { path: signatureFile, content: sign(null, contents, key), executable: false },
    ...files.map((file) => ({ ...file, path: driverFolder + file.path })),
  ])
  return { bytes, manifest }
}

function filesIn(folder: string): ArchivedFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => ({
      path: relative(folder, path).split(sep).join('/'),
      content: readFileSync(path),
      executable: (statSync(path).mode & 0o100) !== 0,
    }))
}
