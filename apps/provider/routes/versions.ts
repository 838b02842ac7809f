// What the API says of itself: its versions, and the resources of v2.0. Engines test their connection here.
import { pathOf, type ResourceType } from '@patchbay/networking-api/resource.ts'
import type { FastifyInstance } from 'fastify'

export function registerVersions(
  app: FastifyInstance,
  resources: readonly Pick<ResourceType, 'singular' | 'plural' | 'path'>[],
): void {
  app.get('/', async () => ({
    versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: '/v2.0/' }] }],
  }))
  app.get('/v2.0', async () => ({
    resources: resources.map((type) => ({
      name: type.singular,
      collection: type.plural,
      links: [{ rel: 'self', href: `/v2.0/${pathOf(type)}` }],
    })),
  }))
}
