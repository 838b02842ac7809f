// The archive that a driver package is: tar, gzipped; read and written whole, in memory.
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { extract, pack } from 'tar-stream'

export interface ArchivedFile {
  /** With `/`, below the archive's root. */
  readonly path: string
  readonly content: Buffer
  readonly executable: boolean
}

/** Bytes that an archive may have unpacked, and files: what claims more is no driver. */
export const archiveBounds = { bytes: 128 * 1024 * 1024, files: 2_000 }

export async function writeArchive(files: readonly ArchivedFile[]): Promise<Buffer> {
  const archive = pack()
  for (const { path, content, executable } of files)
    archive.entry({ name: path, mode: executable ? 0o755 : 0o644, mtime: new Date(0) }, content)
  archive.finalize()
  return promisify(gzip)(await buffer(archive))
}

/** Throws an Error when it is no such archive, is too large, or holds something else than files with plain paths. */
export async function readArchive(bytes: Buffer): Promise<ArchivedFile[]> {
  const tar = await promisify(gunzip)(bytes, { maxOutputLength: archiveBounds.bytes }).catch((error) => {
    throw new Error(`it is not gzipped, or longer than ${archiveBounds.bytes} bytes: ${error.message}`)
  })
  const files: ArchivedFile[] = []
  const entries = extract()
  entries.end(tar)
  for await (const entry of entries) {
    const { name, type, mode = 0 } = entry.header
    if (type !== 'file') throw new Error(`${shown(name)} is a ${type}: only files may be in it`)
    if (!isPlainPath(name)) throw new Error(`${shown(name)} is not the path of a file below its root`)
    if (files.length === archiveBounds.files) throw new Error(`it has more than ${archiveBounds.files} files`)
    files.push({ path: name, content: await buffer(entry), executable: (mode & 0o100) !== 0 })
  }
  return files
}

const isPlainPath = (path: string) =>
  path.length <= 250 && path.split('/').every((part) => /^[\w.+@=-]+$/.test(part) && part !== '.' && part !== '..')

const shown = (path: string) => JSON.stringify(path.slice(0, 100))
