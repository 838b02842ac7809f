// `patchbay <noun> <verb>` for what an engine does: the session around it, and its outcome on the terminal.
import { type Command, Help, Option } from 'commander'
import { orRefuse } from '../../commands/or-refuse.ts'
import { type Output, written } from './output.ts'
import { type EngineAddress, type EngineSession, openSession } from './session.ts'

// biome-ignore lint/suspicious/noExplicitAny: each command knows its own flags
export type Flags = Readonly<Record<string, any>>

/** The noun's command, made by whoever needs it first. */
export function nounOf(program: Command, name: string, about: string): Command {
  const noun = program.commands.find((command) => command.name() === name) ?? program.command(name)
  return noun.description() === '' ? noun.description(about) : noun
}

/**
 * `signature` is commander's: `attach <network> <cluster>`. `run` gets the arguments in their order; what it throws is
 * shown as one line, with exit code 1.
 */
export function engineVerb(
  noun: Command,
  signature: string,
  about: string,
  run: (session: EngineSession, args: readonly string[], flags: Flags) => Promise<Output | undefined>,
): Command {
  const verb = noun.command(signature).description(about).configureHelp({ groupItems: ownFirst })
  for (const option of engineOptions()) verb.addOption(option.helpGroup(engineGroup))
  return verb.action((...given: unknown[]) =>
    orRefuse(verb, async () => {
      const flags = given.at(-2) as Flags & EngineFlags
      await using session = openSession({ ...flags, url: flags.engine })
      const output = await run(session, given.slice(0, -2) as string[], flags)
      if (output) verb.configureOutput().writeOut?.(`${written(output, flags.json === true)}\n`)
    }),
  )
}

type EngineFlags = Omit<EngineAddress, 'url'> & { readonly engine: string; readonly json?: boolean }

const engineGroup = 'Of all commands of the engine:'

/** What only this verb has is read first. */
const ownFirst: Help['groupItems'] = (...items) =>
  new Map(
    [...new Help().groupItems(...items)].sort(([a], [b]) => Number(a === engineGroup) - Number(b === engineGroup)),
  )

const engineOptions = () => [
  new Option('--engine <url>', 'where the engine is').env('PATCHBAY_ENGINE_URL').default('http://127.0.0.1:8080'),
  new Option('--user <name>', 'who you are there').env('PATCHBAY_ENGINE_USER').default('admin@internal'),
  new Option('--password-file <file>', 'file with your password').env('PATCHBAY_ENGINE_PASSWORD_FILE'),
  new Option('--ca <file>', "PEM certificates to trust beside the system's").env('PATCHBAY_ENGINE_CA'),
  new Option('--json', 'show what the engine answers, as JSON'),
]
