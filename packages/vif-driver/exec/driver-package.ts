// A driver that is an executable: a folder with `driver.json`, which says what it is without running it.
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'
import type { DriverManifest } from '../contract.ts'

export const manifestFile = 'driver.json'

export interface DriverPackage {
  readonly folder: string
  readonly manifest: DriverManifest
  /** Absolute path of the executable. */
  readonly executable: string
}

/** Throws an Error that names the file and what is wrong with it. */
export function readDriverPackage(folder: string): DriverPackage {
  const path = join(folder, manifestFile)
  const { exec, manifest } = parseManifest(textOf(path), path)
  const executable = join(folder, exec)
  if (!isExecutable(executable)) throw new Error(`${path}: exec: ${executable} is not there, or may not be executed`)
  return { folder, executable, manifest }
}

/** Throws an Error that names the file (`path`) and what is wrong with its text. */
export function parseManifest(text: string, path: string): { exec: string; manifest: DriverManifest } {
  const { exec, ...manifest } = parsed(text, path)
  const wrong = (what: string) => new Error(`${path}: ${what}`)
  const { name, version, apiVersion, pluginTypes } = manifest as Record<string, unknown>
  if (!isText(name, /^[\w-]+$/)) throw wrong('name must be letters, digits, - and _')
  if (!isText(version, /^\d+\.\d+/)) throw wrong('version must be a version, such as "1.0.0"')
  if (apiVersion !== '1.0') throw wrong(`apiVersion must be "1.0", not ${JSON.stringify(apiVersion)}`)
  if (!Array.isArray(pluginTypes) || pluginTypes.length === 0 || !pluginTypes.every((type) => isText(type, /\S/)))
    throw wrong('pluginTypes must be a list of at least one text')
  if (!isText(exec, /\S/) || isAbsolute(exec) || normalize(exec).startsWith('..'))
    throw wrong('exec must be the path of the executable, below this folder')
  return { exec, manifest: { name, version, apiVersion, pluginTypes } }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`${path} is not there: it is what makes a driver of an executable`)
    throw new Error(`${path}: ${(error as Error).message}`)
  }
}

function parsed(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`)
  }
  throw new Error(`${path}: an object was expected`)
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
