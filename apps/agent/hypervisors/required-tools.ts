// What guests need of the system, asked for when the agent starts and not when the first guest does.
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '@patchbay/service/options.ts'

/** `guests`: what kind of them. Commands, each with the Debian package that has it. Throws a ConfigurationError that names all that are missing. */
export function requireTools(
  guests: string,
  packages: Readonly<Record<string, string>>,
  path = process.env.PATH ?? '',
): void {
  const missing = Object.entries(packages).filter(([command]) => !path.split(':').some((dir) => isIn(dir, command)))
  if (missing.length === 0) return
  const list = missing.map(([command, debian]) => `${command} (Debian package ${debian})`).join(', ')
  throw new ConfigurationError(`${guests} guests need ${list}: install it, or put it on PATH`)
}

function isIn(dir: string, command: string): boolean {
  try {
    accessSync(join(dir, command), constants.X_OK)
    return true
  } catch {
    return false
  }
}
