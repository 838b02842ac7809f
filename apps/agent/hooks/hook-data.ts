// The data file: how a payload reaches the scripts of a hook point and comes back from them.

import { randomUUID } from 'node:crypto'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface PayloadFormat<T> {
  /** Environment variable with the path of the data file. */
  variable: '_hook_domxml' | '_hook_json'
  encode(payload: T): string
  /** Throws if the text is no such payload. */
  decode(text: string): T
}

/** XML is handed over as it is; whether it still is XML shows when libvirt reads it. */
export const xmlPayload: PayloadFormat<string | undefined> = {
  variable: '_hook_domxml',
  encode: (xml) => xml ?? '',
  decode: (text) => text,
}

/** ASCII only, like Python's json.dumps, so that a hook may read it under any locale. */
export const jsonPayload: PayloadFormat<unknown> = {
  variable: '_hook_json',
  encode: (data) => JSON.stringify(data).replace(/[\u007f-\uffff]/g, unicodeEscape),
  decode: (text) => JSON.parse(text),
}

/**
 * Gives `use` the path of a new file that only its owner can read, and removes whatever is there afterwards. Calls
 * `notMade` instead with the reason why there is none.
 */
export async function withDataFile<T>(
  tmpDir: string,
  text: string,
  use: (path: string) => Promise<T>,
  notMade: (reason: string) => T,
): Promise<T> {
  const path = join(tmpDir, `hook-${randomUUID()}`)
  try {
    const reason = await writeFile(path, text, { flag: 'wx', mode: 0o600 }).then(
      () => undefined,
      (error: Error) => error.message,
    )
    return reason === undefined ? await use(path) : notMade(reason)
  } finally {
    await rm(path, { force: true, recursive: true })
  }
}

/** Capabilities of a host with hundreds of links have a few hundred kB. */
export const dataLimitBytes = 8 * 1024 * 1024

/** Opens the file by its name: a hook may have put another one there. Throws if it is gone, too large or not UTF-8. */
export async function readDataFile(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > dataLimitBytes) throw new Error(`it has ${size} bytes, more than ${dataLimitBytes}`)
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path))
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
