// The tags of a resource: /v2.0/{networks|subnets|ports}/{id}/tags[/{tag}]. Statuses and empty answers are Neutron's.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import { type Attributes, pathOf } from '@patchbay/networking-api/resource.ts'
import { checkCount, checkTag, parseTags } from '@patchbay/networking-api/resources/tags.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GuardedService } from '../services/access.ts'
import { principalOf } from './authentication.ts'

export function registerTags<A extends Attributes, Row extends { readonly tags: readonly string[] }>(
  app: FastifyInstance,
  { type, get, retag }: GuardedService<A, Row>,
): void {
  const path = `/v2.0/${pathOf(type)}/:id/tags`
  const change = (request: FastifyRequest, to: (tags: readonly string[]) => readonly string[]) =>
    retag(principalOf(request), named(request).id, to)

  app.get(path, async (request) => ({ tags: get(principalOf(request), named(request).id).tags }))
  app.put(path, async (request) => {
    const tags = parseTags(request.body)
    return { tags: (await change(request, () => tags)).tags }
  })
  app.delete(path, async (request, reply) => {
    await change(request, () => [])
    return reply.code(204).send()
  })

  app.get(`${path}/:tag`, async (request, reply) => {
    const { id, tag } = named(request)
    refuseMissing(get(principalOf(request), id).tags, tag)
    return reply.code(204).send()
  })
  app.put(`${path}/:tag`, async (request, reply) => {
    const { tag } = named(request)
    await change(request, (tags) => added(tags, tag))
    return reply.code(201).send()
  })
  app.delete(`${path}/:tag`, async (request, reply) => {
    const { tag } = named(request)
    await change(request, (tags) => {
      refuseMissing(tags, tag)
      return tags.filter((each) => each !== tag)
    })
    return reply.code(204).send()
  })
}

function named({ params }: FastifyRequest): { id: string; tag: string } {
  const { id, tag = '' } = params as { id: string; tag?: string }
  checkTag(tag)
  return { id, tag }
}

function added(tags: readonly string[], tag: string): readonly string[] {
  if (tags.includes(tag)) return tags
  checkCount([...tags, tag])
  return [...tags, tag]
}

function refuseMissing(tags: readonly string[], tag: string): void {
  if (!tags.includes(tag)) throw new NetworkingError('TagNotFound', { tag })
}
