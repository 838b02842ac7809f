// `patchbay driver install-hooks|uninstall-hooks|list-hooks`: VIF drivers as hook scripts of a VDSM that knows no drivers.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { verbs } from '@patchbay/vif-driver/contract.ts'
import { manifestFile, readDriverPackage } from '@patchbay/vif-driver/exec/driver-package.ts'
import { writeModulePackage } from '@patchbay/vif-driver/exec/module-package.ts'
import { loadDriver } from '@patchbay/vif-driver/load-driver.ts'
import { type Command, InvalidArgumentError } from 'commander'
import {
  type HookedHost,
  installedHooks,
  installHooks,
  pointsOf,
  uninstallHooks,
} from '../vdsm-hooks/hook-installation.ts'
import { orRefuse } from './or-refuse.ts'

interface InstallFlags extends HookedHost {
  readonly options?: string
  readonly timeout: number
}

export function registerDriverHooks(program: Command): void {
  const driver = program.commands.find((command) => command.name() === 'driver') ?? program.command('driver')
  const install = onHost(driver.command('install-hooks'))
    .description('make a VIF driver work on a host with VDSM, as hook scripts; replaces an earlier version of it')
    .argument('<path>', "of the driver's folder, with a driver.json or a driver.ts")
    .option('--options <file>', "JSON file with the driver's options")
    .option('--timeout <seconds>', 'for one call of the driver', wholeNumber, 30)
  install.action((path: string, flags: InstallFlags) =>
    orRefuse(install, async () => {
      const points = await installDriver(resolve(path), flags)
      console.log(`installed at ${points.length} hook points of ${join(flags.root, flags.hooksDir)}`)
    }),
  )
  const uninstall = onHost(driver.command('uninstall-hooks'))
    .description('remove such a driver again')
    .argument('<name>', 'as list-hooks shows it')
    .option('--force', 'also when NICs of its are plugged: their networks stay as they are')
  uninstall.action((name: string, flags: HookedHost & { force?: boolean }) =>
    orRefuse(uninstall, async () => {
      uninstallHooks(flags, name, { force: flags.force === true })
      console.log(`${name} is uninstalled`)
    }),
  )
  onHost(driver.command('list-hooks'))
    .description('the drivers that are installed as hook scripts')
    .action((flags: HookedHost) => {
      for (const { name, version, pluginTypes } of installedHooks(flags))
        console.log(`${name} ${version}, for ${pluginTypes.join(', ')}: ${pointsOf(flags, name).join(' ')}`)
    })
}

function onHost(command: Command): Command {
  return command
    .option('--root <dir>', "where the host's files are, such as the build root of a package", '/')
    .option('--hooks-dir <dir>', "VDSM's hook scripts on the host", '/usr/libexec/vdsm/hooks')
    .option('--libexec-dir <dir>', 'for the driver and what its scripts share', '/usr/libexec/patchbay/vdsm-hooks')
    .option('--sudoers-dir <dir>', 'for the rule by which VDSM may run the driver as root', '/etc/sudoers.d')
    .option('--run-dir <dir>', "VDSM's folder for what a reboot clears", '/run/vdsm')
}

/** The driver itself says which verbs it has, and whether its options are right. Answers its hook points. */
async function installDriver(path: string, flags: InstallFlags): Promise<string[]> {
  const options = flags.options === undefined ? {} : (JSON.parse(readFileSync(flags.options, 'utf8')) as object)
  const timeoutMs = flags.timeout * 1000
  const scratch = mkdtempSync(join(tmpdir(), 'patchbay-driver-'))
  const log = { info: (_fields: object, line: string) => console.error(line), warn() {} }
  try {
    const host = { hostName: 'host', stateDir: join(scratch, 'state'), callTimeoutMs: timeoutMs, log }
    const driver = await loadDriver(path, options, host)
    const isModule = !existsSync(join(path, manifestFile))
    const folder = isModule ? join(scratch, 'package') : path
    if (isModule) writeModulePackage(folder, join(path, 'driver.ts'), driver.manifest)
    const spoken = verbs.filter((verb) => driver[verb])
    await driver[Symbol.asyncDispose]?.()
    return installHooks(flags, readDriverPackage(folder), { options, timeoutMs, verbs: spoken })
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0) return number
  throw new InvalidArgumentError('A whole number above 0 is needed.')
}
