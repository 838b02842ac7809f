#!/usr/bin/env node
// `patchbay <noun> <verb>`: the one command of Patchbay.
import { Command } from 'commander'
import { registerDriverCheck } from './commands/driver-check.ts'
import { registerDriverHooks } from './commands/driver-hooks.ts'
import { registerDriverPack } from './commands/driver-pack.ts'
import { registerLab } from './commands/lab.ts'
import { registerProviderCheck } from './commands/provider-check.ts'
import { registerServices } from './commands/services.ts'

const program = new Command('patchbay')
  .description(
    "Networks from an external provider for virtual machines: oVirt's External Network Providers as a complete system.",
  )
  .showHelpAfterError('(patchbay --help shows what there is)')

registerServices(program)
registerProviderCheck(program)
registerDriverCheck(program)
registerDriverHooks(program)
registerDriverPack(program)
registerLab(program)

await program.parseAsync()
