// `patchbay event …`: what happened in an engine, and what is happening.
import type { Command } from 'commander'
import { eventsIn } from './session/event-stream.ts'
import { type Column, lineOf } from './session/output.ts'
import { engineVerb, nounOf } from './session/verb.ts'

const columns: readonly Column[] = [
  ['TIME', ({ time }) => time],
  ['SEVERITY', ({ severity }) => severity],
  ['EVENT', ({ description }) => description],
]

export function registerEvents(program: Command): void {
  const noun = nounOf(program, 'event', 'what happened')
  engineVerb(noun, 'list', 'the newest first', async (session, _args, { max, search }) => {
    const query = new URLSearchParams({ max, ...(search && { search }) })
    return { items: await session.list(`/events?${query}`), columns }
  })
    .option('--max <number>', 'how many', '50')
    .option('--search <query>', "in oVirt's language: severity=error")
  engineVerb(noun, 'follow', 'as they come, until Ctrl-C', async (session, _args, flags) => {
    const over = new AbortController()
    process.once('SIGINT', () => over.abort())
    for await (const { name, data } of eventsIn(await session.stream('/events/stream', over.signal))) {
      if (name === 'event') console.log(flags.json ? JSON.stringify(data) : lineOf(data, columns))
    }
    return undefined
  })
}
