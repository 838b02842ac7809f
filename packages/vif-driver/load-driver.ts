// A driver from where it lies: a module that runs in this process, or an executable that runs in one of its own.
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CreateDriver, DriverHost, VifDriver } from './contract.ts'
import { manifestFile, readDriverPackage } from './exec/driver-package.ts'
import { startExecDriver } from './exec/exec-driver.ts'

/** `path`: of a `driver.ts`, of a `driver.json`, or of a folder with one of them. Throws an Error that says what is wrong. */
export async function loadDriver(path: string, options: unknown, host: DriverHost): Promise<VifDriver> {
  if (!existsSync(path)) throw new Error(`there is no ${path}`)
  const file = [join(path, manifestFile), join(path, 'driver.ts'), path].find((each) => existsSync(each))!
  if (basename(file) === manifestFile) return startExecDriver(readDriverPackage(dirname(file)), options, host)
  if (!file.endsWith('.ts')) throw new Error(`${path} has neither a ${manifestFile} nor a driver.ts`)
  const { default: create } = (await import(pathToFileURL(file).href)) as { default: CreateDriver }
  return create(options, host)
}
