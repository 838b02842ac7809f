// A backup: one file, the same for every database. Compressed lines of JSON: the head, the rows, and an end that counts them.
import { createReadStream, createWriteStream, renameSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { ConfigurationError } from '@patchbay/service/options.ts'

export interface Head {
  readonly format: 'patchbay-engine-backup'
  readonly at: string
  /** The migrations that the database had behind it. */
  readonly steps: readonly string[]
  /** Files of the data folder, encrypted; absent when they were not asked for. */
  readonly files?: SealedFiles
}

export interface SealedFiles {
  /** Base64, for the key from the passphrase. */
  readonly salt: string
  readonly sealed: string
}

export interface BackedUpRow {
  readonly table: string
  readonly row: Readonly<Record<string, unknown>>
}

interface End {
  readonly rows: number
}

/** Complete or not there, and for its owner only. Answers how many rows are in it. */
export async function writeBackup(file: string, head: Head, rows: AsyncIterable<BackedUpRow>): Promise<number> {
  let count = 0
  async function* lines() {
    yield `${JSON.stringify(head)}\n`
    for await (const row of rows) {
      count++
      yield `${JSON.stringify(row)}\n`
    }
    yield `${JSON.stringify({ rows: count } satisfies End)}\n`
  }
  const draft = `${file}.part`
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(draft, { mode: 0o600, flush: true }))
  renameSync(draft, file)
  return count
}

export interface Backup {
  readonly head: Head
  /** Throws at the end when the file is not whole. */
  readonly rows: AsyncIterable<BackedUpRow>
}

/** Throws a ConfigurationError when it is no backup. */
export async function readBackup(file: string): Promise<Backup> {
  const lines = linesOf(file)
  const first = await lines.next()
  const head = first.done ? undefined : (first.value as Partial<Head>)
  if (head?.format !== 'patchbay-engine-backup') throw new ConfigurationError(`${file} is no backup of an engine.`)
  async function* rows() {
    let count = 0
    for await (const line of lines) {
      if ('rows' in line && line.rows === count) return
      if (!('table' in line)) break
      count++
      yield line as BackedUpRow
    }
    throw new ConfigurationError(`${file} is cut short: it has no end after ${count} rows.`)
  }
  return { head: head as Head, rows: rows() }
}

async function* linesOf(file: string): AsyncGenerator<Head | BackedUpRow | End> {
  const unpacked = createGunzip()
  const reading = pipeline(createReadStream(file), unpacked)
  reading.catch(() => {})
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) yield JSON.parse(line)
    await reading
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${(error as Error).message}`)
  }
}
