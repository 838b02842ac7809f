// What a driver package says of itself: the signed part, from which the rest can be checked.
import { createHash } from 'node:crypto'
import type { ArchivedFile } from './archive.ts'

export const contentsFile = 'contents.json'
export const signatureFile = 'contents.sig'
/** Below it lies the driver's folder. */
export const driverFolder = 'driver/'

export interface Contents {
  /** Of this form of package. */
  readonly format: 1
  readonly files: readonly FileEntry[]
}

export interface FileEntry {
  /** Below the driver's folder. */
  readonly path: string
  /** Hex. */
  readonly sha256: string
  readonly executable: boolean
}

export function contentsOf(files: readonly ArchivedFile[]): Contents {
  return { format: 1, files: files.map(entryOf) }
}

/** Throws an Error that names the file that is not as the contents say. */
export function checkFiles({ files }: Contents, given: readonly ArchivedFile[]): void {
  const expected = new Map(files.map((file) => [file.path, file]))
  for (const file of given) {
    const { sha256, executable } = expected.get(file.path) ?? {}
    if (sha256 === undefined) throw new Error(`${file.path} is not in its list of contents, or is there twice`)
    const found = entryOf(file)
    if (found.sha256 !== sha256 || found.executable !== executable)
      throw new Error(`${file.path} was changed after the package was signed`)
    expected.delete(file.path)
  }
  const [missing] = expected.keys()
  if (missing !== undefined) throw new Error(`${missing} is missing`)
}

export function parseContents(text: string): Contents {
  const contents = JSON.parse(text) as Contents
  if (contents?.format !== 1) throw new Error(`its format is ${contents?.format}, and this version reads format 1`)
  return contents
}

const entryOf = ({ path, content, executable }: ArchivedFile): FileEntry => ({
  path,
  sha256: sha256(content),
  executable,
})

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
