// Routers, with the two requests that connect subnets to them and disconnect them, and floating IPs.
import { parseInterface } from '@patchbay/networking-api/resources/routers.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { principalOf } from './authentication.ts'
import { registerCollection } from './collection.ts'
import { registerTags } from './tags.ts'

export function registerRouters(
  app: FastifyInstance,
  { routers, routerInterfaces, floatingIps }: Pick<Context, 'routers' | 'routerInterfaces' | 'floatingIps'>,
): void {
  registerCollection(app, routers)
  registerTags(app, routers)
  for (const verb of ['add', 'remove'] as const)
    app.put(`/v2.0/routers/:id/${verb}_router_interface`, async (request) => {
      const { id } = request.params as { id: string }
      const wish = parseInterface(request.body, { both: verb === 'remove' })
      return routerInterfaces[verb](principalOf(request), id, wish)
    })
  registerCollection(app, floatingIps)
  registerTags(app, floatingIps)
}
