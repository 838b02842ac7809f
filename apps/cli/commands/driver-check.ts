// `patchbay driver check PATH`: the conformance suite on anybody's driver, on hosts of a laboratory.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'

interface Flags {
  readonly options?: object
  readonly hosts: number
  readonly prepare?: string
  readonly newPort?: string
  readonly frames: boolean
}

const suite = join(import.meta.dirname, '../../../packages/vif-driver/testing/check-driver.ts')

export function registerDriverCheck(program: Command): void {
  const driver = program.commands.find((command) => command.name() === 'driver') ?? program.command('driver')
  driver.description('VIF drivers: try one, install one as VDSM hook scripts')
  const check = driver
    .command('check')
    .description('tell whether a VIF driver keeps docs/vif-driver.md: runs the suite on hosts of a laboratory')
    .argument('<path>', "of the driver's folder, with a driver.json or a driver.ts")
    .option('--options <json>', "the driver's options", jsonObject)
    .option('--hosts <number>', 'how many hosts; with 2, migration is checked as well', hostCount, 1)
    .option('--prepare <command>', 'a shell command that is run on each host first, such as one that makes a bridge')
    .option(
      '--new-port <command>',
      'a shell command that prints a new port as {"id", "mac", "addresses": ["IP/LENGTH"]}',
    )
    .option('--no-frames', 'the driver connects nothing: do not look whether frames go')
    .addHelpText('after', footnote)
  check.action((path: string, flags: Flags) => run(check, resolve(path), flags))
}

const footnote = `
Needs root. Without --new-port the ports are made up, with addresses in 10.0.0.0/24: for drivers that ask no provider.
Exit code: 0 every sentence that could be checked holds, 1 one does not.`

/** The suite registers tests, so it is a program of its own that this one becomes. */
function run(check: Command, driver: string, flags: Flags): void {
  const found = ['driver.json', 'driver.ts'].find((name) => existsSync(join(driver, name)))
  if (!found) check.error(`error: ${driver} has neither a driver.json nor a driver.ts`)
  const path = found === 'driver.ts' ? join(driver, found) : driver
  const settings = JSON.stringify({ ...flags, path })
  process.execve!(process.execPath, [process.execPath, '--test-reporter=spec', suite, settings])
}

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // The same complaint.
  }
  throw new InvalidArgumentError('A JSON object is needed.')
}

function hostCount(text: string): number {
  if (text === '1' || text === '2') return Number(text)
  throw new InvalidArgumentError('1 or 2.')
}
