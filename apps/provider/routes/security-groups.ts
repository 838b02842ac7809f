// Security groups and their rules, where the backend has them. A project sees its default group before it has any port.
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { principalOf } from './authentication.ts'
import { registerCollection } from './collection.ts'
import { registerTags } from './tags.ts'

export function registerSecurityGroups(
  app: FastifyInstance,
  { securityGroups, securityGroupRules, ensureDefaultGroup }: Context,
): void {
  app.addHook('preHandler', async (request) => {
    if (request.method === 'GET' && request.routeOptions.url?.startsWith('/v2.0/security-group'))
      await ensureDefaultGroup(principalOf(request).project.id)
  })
  registerCollection(app, securityGroups)
  registerCollection(app, securityGroupRules)
  registerTags(app, securityGroups)
  registerTags(app, securityGroupRules)
}
