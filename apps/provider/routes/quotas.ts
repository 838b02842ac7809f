// Quotas: /v2.0/quotas[/{project}[/default|/details]]. A project sees its own; only an administrator sees and sets all.
import { parseQuota, unlimited } from '@patchbay/networking-api/resources/quotas.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isAdmin } from '../identity/principal.ts'
import { forbidden } from '../services/policies.ts'
import type { QuotaService } from '../services/quotas.ts'
import { principalOf } from './authentication.ts'

export function registerQuotas(app: FastifyInstance, quotas: QuotaService): void {
  app.get('/v2.0/quotas', async (request) => {
    checkAdministrator(request, 'get_quota')
    return { quotas: quotas.list() }
  })
  // Neutron's way to ask for the own project's id.
  for (const name of ['project', 'tenant'])
    app.get(`/v2.0/quotas/${name}`, async (request) => ({
      [name]: { [`${name}_id`]: principalOf(request).project.id },
    }))

  for (const [path, show] of [
    ['', quotas.get],
    ['/details', quotas.details],
    ['/default', () => unlimited],
  ] as const)
    app.get(`/v2.0/quotas/:project${path}`, async (request) => {
      const project = projectOf(request)
      if (project !== principalOf(request).project.id) checkAdministrator(request, 'get_quota')
      return { quota: show(project) }
    })
  app.put('/v2.0/quotas/:project', async (request) => {
    checkAdministrator(request, 'update_quota')
    const { limits, check } = parseQuota(request.body)
    return { quota: await quotas.set(projectOf(request), limits, check) }
  })
  app.delete('/v2.0/quotas/:project', async (request, reply) => {
    checkAdministrator(request, 'delete_quota')
    await quotas.remove(projectOf(request))
    return reply.code(204).send()
  })
}

function checkAdministrator(request: FastifyRequest, rule: string): void {
  if (!isAdmin(principalOf(request))) throw forbidden(rule)
}

const projectOf = ({ params }: FastifyRequest) => (params as { project: string }).project
