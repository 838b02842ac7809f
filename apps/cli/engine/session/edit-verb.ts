// What all `edit` verbs have in common: what is given is changed, everything else stays.
import type { Command } from 'commander'
import type { EngineSession, Item } from './session.ts'
import { engineVerb, type Flags } from './verb.ts'

interface Edit {
  /** What it is called: `vNIC profile`. */
  readonly what: string
  /** Path of what the arguments name. */
  path(session: EngineSession, args: readonly string[]): Promise<string>
  /** `undefined` for what is not given. */
  request(flags: Flags, session: EngineSession): Item | Promise<Item>
}

/** The last of the arguments is the thing's name. */
export function editVerb(noun: Command, signature: string, { what, path, request }: Edit): Command {
  return engineVerb(noun, signature, 'change what is given; the rest stays', async (session, args, flags) => {
    const change = given(await request(flags, session))
    if (Object.keys(change).length === 0) throw new Error('nothing to change was given: --help says what can be')
    const item = await session.ask('PUT', await path(session, args), change)
    return { done: `${what} ${args.at(-1)} was changed`, item }
  })
}

/** The parts of a request that are there; the others are left to the engine. */
export const given = (parts: Item): Item =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))

export const withTexts = (verb: Command): Command =>
  verb
    .option('--name <name>', 'its new name')
    .option('--description <text>')
    .option('--comment <text>', 'shown beside it in lists')

export const textsIn = ({ name, description, comment }: Flags): Item => ({ name, description, comment })
