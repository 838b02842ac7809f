// The five routes of a resource: list, show, create, update, delete; and what the feature document adds to them.
import { badRequest } from '@patchbay/networking-api/errors.ts'
import { parseListing, project } from '@patchbay/networking-api/listing/listing.ts'
import { linkedPage, withOneMore } from '@patchbay/networking-api/listing/page-links.ts'
import { type Attributes, parseCreation, parseUpdate, pathOf } from '@patchbay/networking-api/resource.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GuardedService } from '../services/access.ts'
import { principalOf } from './authentication.ts'
import { queryOf, urlOf } from './query.ts'

export function registerCollection<A extends Attributes, Row extends { readonly id: string }>(
  app: FastifyInstance,
  service: GuardedService<A, Row>,
): void {
  const { type } = service
  const { singular, plural } = type
  const path = pathOf(type)
  app.get(`/v2.0/${path}`, async (request, reply) => {
    const query = queryOf(request)
    const listing = parseListing(type, query)
    const texts = service.texts(principalOf(request), listing)
    if (texts) return reply.type('application/json; charset=utf-8').send(`{"${plural}":[${texts.join(',')}]}`)
    const selected = service.list(principalOf(request), withOneMore(listing))
    const { rows, links } = linkedPage(urlOf(request), query, listing, selected)
    return {
      [plural]: rows.map((row) => project(row, listing.fields)),
      ...(links.length > 0 && { [`${plural}_links`]: links }),
    }
  })
  app.post(`/v2.0/${path}`, async (request, reply) => {
    const { wanted, bulk } = parseCreation(type, request.body)
    const rows = await service.create(principalOf(request), wanted)
    return reply.code(201).send(bulk ? { [plural]: rows } : { [singular]: rows[0] })
  })
  app.put(`/v2.0/${path}/:id`, updateWith(service))
  app.delete(`/v2.0/${path}/:id`, async (request, reply) => {
    await service.remove(principalOf(request), idOf(request), revisionOf(request))
    return reply.code(204).send()
  })
  // The feature document reads `network/<id>`: taken as meant.
  for (const name of new Set([path, singular])) {
    app.get(`/v2.0/${name}/:id`, async (request) => ({
      [singular]: project(service.get(principalOf(request), idOf(request)), queryOf(request).getAll('fields')),
    }))
  }
}

/** The feature document updates an existing port with `POST ports/<id>`. Neutron has no POST on other resources. */
export function registerUpdateByPost<A extends Attributes, Row extends object>(
  app: FastifyInstance,
  service: GuardedService<A, Row>,
): void {
  app.post(`/v2.0/${service.type.plural}/:id`, updateWith(service))
}

function updateWith<A extends Attributes, Row extends object>({ type, update }: GuardedService<A, Row>) {
  return async (request: FastifyRequest) => ({
    [type.singular]: await update(
      principalOf(request),
      idOf(request),
      parseUpdate(type, request.body),
      revisionOf(request),
    ),
  })
}

const idOf = (request: FastifyRequest) => (request.params as { id: string }).id

/** Neutron's condition: `If-Match: revision_number=7`. */
function revisionOf({ headers }: FastifyRequest): number | undefined {
  const condition = headers['if-match']
  if (condition === undefined) return undefined
  const [, revision] = /^revision_number=(\d{1,15})$/.exec(condition) ?? []
  if (revision !== undefined) return Number(revision)
  throw badRequest(`Invalid value for If-Match: '${condition.slice(0, 100)}'`)
}
