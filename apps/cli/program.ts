// The commands of `patchbay <noun> <verb>`, all of them.
import { Command, Help, type Option, type OutputConfiguration } from 'commander'
import { registerCompletion } from './commands/completion.ts'
import { registerDriverCheck } from './commands/driver-check.ts'
import { registerDriverHooks } from './commands/driver-hooks.ts'
import { registerDriverPack } from './commands/driver-pack.ts'
import { registerLab } from './commands/lab.ts'
import { registerProviderCheck } from './commands/provider-check.ts'
import { registerServices } from './commands/services.ts'
import { registerAccounts } from './engine/accounts.ts'
import { registerDataCentersAndClusters } from './engine/data-centers.ts'
import { registerDrivers } from './engine/drivers.ts'
import { registerEvents } from './engine/events.ts'
import { registerHostNetworks } from './engine/hosts/host-networks.ts'
import { registerHosts } from './engine/hosts/hosts.ts'
import { registerInterfaces } from './engine/hosts/interfaces.ts'
import { registerNetworks } from './engine/networks/networks.ts'
import { registerProfiles } from './engine/networks/profiles.ts'
import { registerProviders } from './engine/networks/providers.ts'
import { registerSubnets } from './engine/networks/subnets.ts'
import { registerNics } from './engine/vms/nics.ts'
import { registerVms } from './engine/vms/vms.ts'

/** `output`: where it writes, in place of the process's own streams; what ends the process is then thrown, as CommanderError. */
export function createProgram(output?: OutputConfiguration): Command {
  const program = new Command('patchbay').description(
    "Networks from an external provider for virtual machines: oVirt's External Network Providers as a complete system.",
  )
  if (output) program.configureOutput(output).exitOverride()
  registerServices(program)
  registerProviderCheck(program)
  registerDriverCheck(program)
  registerDriverHooks(program)
  registerDriverPack(program)
  registerProviders(program)
  registerNetworks(program)
  registerProfiles(program)
  registerSubnets(program)
  registerVms(program)
  registerNics(program)
  registerDataCentersAndClusters(program)
  registerHosts(program)
  registerInterfaces(program)
  registerHostNetworks(program)
  registerAccounts(program)
  registerDrivers(program)
  registerEvents(program)
  registerLab(program)
  registerCompletion(program)
  completeHelp(program, 'patchbay')
  return program
}

/** Help says what is required, and a wrong flag is answered with the help of its own command. */
function completeHelp(command: Command, line: string): void {
  command.configureHelp({ ...command.configureHelp(), optionDescription })
  command.showHelpAfterError(`(${line} --help shows ${command.commands.length > 0 ? 'what there is' : 'how'})`)
  for (const each of command.commands) completeHelp(each, `${line} ${each.name()}`)
}

function optionDescription(this: Help, option: Option): string {
  const about = Help.prototype.optionDescription.call(this, option)
  return option.mandatory ? `${about} (required)` : about
}
