// What whoever is logged in may do: every request is held against the rule of its route before anything is done.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../../access/access.ts'
import { ruleOf } from '../../access/rules/rules.ts'
import { type View, viewFor } from '../../access/view.ts'
import { actingUser } from '../../acting-user.ts'
import { Fault } from '../../faults.ts'
import type { Tables } from '../../store/store.ts'
import { isOfApi } from './formats.ts'

/** After authentication, which says whose request it is. */
export function registerAuthorization(app: FastifyInstance, access: Access, tables: Tables): void {
  // Not earlier: some rules read the body.
  app.addHook('preHandler', async (request) => {
    const path = request.routeOptions.url
    if (!access.isChecked || path === undefined || !isOfApi(request)) return
    const rights = await access.rightsOf(actingUser())
    if (rights.isUnlimited) return
    const rule = ruleOf(request.method, path.slice(apiPath.length))
    if (!rule) throw new Fault('USER_NOT_AUTHORIZED_TO_PERFORM_ACTION')
    const body = bodyOf(request)
    const params = request.params as Readonly<Record<string, string>>
    for (const isPassed of rule.checks)
      if (!(await isPassed({ rights, params, body, tables }))) throw new Fault('USER_NOT_AUTHORIZED_TO_PERFORM_ACTION')
    const view = rule.shows && viewFor(tables, rights, rule.shows)
    if (view) views.set(request, view)
  })
}

const views = new WeakMap<FastifyRequest, View>()

/** What of its collection the request shows; undefined: everything. */
export const viewOf = (request: FastifyRequest): View | undefined => views.get(request)

function bodyOf({ body }: FastifyRequest): Readonly<Record<string, unknown>> {
  const isTree = typeof body === 'object' && body !== null && !Array.isArray(body) && !Buffer.isBuffer(body)
  return isTree ? (body as Record<string, unknown>) : {}
}
