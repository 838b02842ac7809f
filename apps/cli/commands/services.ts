// `patchbay provider|engine|agent serve`: becomes the service's own process, so that signals and pid are the service's.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'

const services = {
  provider: 'the external network provider: Networking and Identity API',
  engine: 'the engine: network providers, networks, VMs, vNICs',
  agent: "a host's agent: VMs, VDSM hooks, VIF drivers",
}

export function registerServices(program: Command): void {
  for (const [name, about] of Object.entries(services)) {
    const noun = program.command(name).description(about)
    if (name === 'provider')
      passThrough(noun, 'user', "the provider's users: list, add, password, remove", name, 'users.ts')
    if (name === 'engine') {
      passThrough(noun, 'password', 'give a user a new password while it is not at work', name, 'set-password.ts')
      for (const [verb, about] of [
        ['backup', 'write its state into a file, also while it is at work'],
        ['restore', 'write a backup into a database that no engine works on'],
      ] as const)
        passThrough(noun, verb, about, name, 'backup/main.ts', [verb])
    }
    if (name === 'agent')
      passThrough(noun, 'enrol', "get this host a certificate from the engine's CA", name, 'enrolment/main.ts')
    passThrough(noun, 'serve', 'run it until a signal comes (serve --help lists its options)', name, 'main.ts')
  }
}

/** A command whose arguments are the other program's own. */
function passThrough(
  noun: Command,
  verb: string,
  about: string,
  app: string,
  main: string,
  first: readonly string[] = [],
): void {
  noun
    .command(verb)
    .description(about)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options, command: Command) =>
      become(join(import.meta.dirname, '../..', app, main), [...first, ...command.args]),
    )
}

/** Apps do not import each other: the command ends here and the service begins. */
function become(main: string, args: readonly string[]): void {
  if (!existsSync(main)) throw new Error(`${main} is missing: is this installation complete?`)
  process.execve!(process.execPath, [process.execPath, main, ...args])
}
