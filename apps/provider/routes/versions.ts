// What the API says of itself: its versions, and the resources of v2.0. Engines test their connection here.
import type { FastifyInstance } from 'fastify'

export function registerVersions(
  app: FastifyInstance,
  resources: readonly { singular: string; plural: string }[],
): void {
  app.get('/', async () => ({
    versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: '/v2.0/' }] }],
  }))
  app.get('/v2.0', async () => ({
    resources: resources.map(({ singular, plural }) => ({
      name: singular,
      collection: plural,
      links: [{ rel: 'self', href: `/v2.0/${plural}` }],
    })),
  }))
}
