// Which versions the Identity API has, and where: every OpenStack client begins here.
import type { FastifyInstance } from 'fastify'

/** The time as the API writes it. */
export const seconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z')

export function registerIdentityVersions(app: FastifyInstance, root: () => string): void {
  const version = (id: string, path: string, updated: string) => ({
    id,
    status: 'stable',
    updated,
    links: [{ rel: 'self', href: `${root()}/${path}/` }],
    'media-types': [{ base: 'application/json', type: `application/vnd.openstack.identity-${path}+json` }],
  })
  const v3 = () => version('v3.14', 'v3', '2020-04-07T00:00:00Z')
  const v2 = () => ({ ...version('v2.0', 'v2.0', '2016-08-04T00:00:00Z'), status: 'deprecated' })
  app.get('/', async (_request, reply) => reply.code(300).send({ versions: { values: [v3(), v2()] } }))
  app.get('/v3', async () => ({ version: v3() }))
  app.get('/v2.0', async () => ({ version: v2() }))
}
