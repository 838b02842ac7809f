// /events/stream (ours): what changes and happens, as server-sent events.

import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { Fault } from '../faults.ts'
import { sightOf } from '../live/sight.ts'
import { tokenOf } from './http/authentication.ts'

export function registerEventStream(
  app: FastifyInstance,
  { live, sessions, access, parts: { store } }: Pick<Context, 'live' | 'sessions' | 'access' | 'parts'>,
): void {
  app.get(`${apiPath}/events/stream`, async (request, reply) => {
    const token = tokenOf(request)
    const isWelcome = () => token === undefined || sessions.isOpen(token)
    const sees = await sightOf(access, store)
    const stream = await live.open(lastEventOf(request.headers['last-event-id']), isWelcome, sees)
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })
  // A request that never ends would keep the server from its end.
  app.addHook('preClose', async () => live.end())
}

function lastEventOf(given: string | string[] | undefined): number | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw new Fault('INVALID_VALUE', { reason: 'Last-Event-ID must be the index of an event.' })
}
