// What the routes of every resource have in common: collections, single resources, actions.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { bool, type ResourceOf, type ResourceType } from '@patchbay/ovirt-api/element.ts'
import { fromJson, readElements, type Shown, toJson, toJsonCollection } from '@patchbay/ovirt-api/json.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { untilAccepted } from '../../acceptance.ts'
import { Fault } from '../../faults.ts'
import { withJob } from '../../jobs/request-job.ts'
import { matchingOf } from '../../search/matching.ts'
import { rowQueryOf } from '../../search/row-query.ts'
import type { Searchable } from '../../search/search-fields.ts'
import type { Condition } from '../../store/condition.ts'
import type { RowQuery } from '../../store/table.ts'
import { viewOf } from './authorization.ts'
import { failedAction } from './faults.ts'
import { Answer } from './formats.ts'
import { queryOf } from './request-url.ts'

export type Params = Readonly<Record<string, string>>
type Presented<Type extends ResourceType> = { readonly value: ResourceOf<Type>; readonly shown?: Omit<Shown, 'href'> }

export interface ResourceRoutes<Type extends ResourceType, Row> {
  readonly type: Type
  /** Below the API's root, with parameters: `/vms/:vm/nics`. */
  readonly path: string
  /** The resource as answers show it; `href` is its own path. */
  present(row: Row, href: string): Presented<Type> | Promise<Presented<Type>>
  /** Where its rows are a table's: then `list` gets what is wanted of them, and answers that. Else it answers all. */
  readonly search?: Searchable
  list?(params: Params, wanted: RowQuery): Promise<Row[]>
  get?(params: Params): Promise<Row>
  add?(request: ResourceOf<Type>, params: Params, query: URLSearchParams): Promise<Row>
  /** As `add`, of octets (`application/octet-stream`) up to a limit. */
  readonly upload?: { readonly mostBytes: number; take(bytes: Buffer, params: Params): Promise<Row> }
  edit?(request: ResourceOf<Type>, params: Params): Promise<Row>
  remove?(params: Params, query: URLSearchParams): Promise<void>
  /** Resource id of a row, where it is not its `id`. */
  idOf?(row: Row): string
}

export function registerResource<Type extends ResourceType, Row extends { readonly id: string }>(
  app: FastifyInstance,
  routes: ResourceRoutes<Type, Row>,
): void {
  const { type, path, idOf = (row: Row) => row.id } = routes
  const collection = apiPath + path
  const single = `${collection}/:id`
  const tree = async (row: Row, params: Params) => {
    const href = `${fill(collection, params)}/${encodeURIComponent(idOf(row))}`
    const { value, shown } = await routes.present(row, href)
    return toJson(type, { ...value, id: idOf(row) }, { href, ...shown })
  }
  const show = async (row: Row, params: Params) => new Answer(type.singular, await tree(row, params))
  const created = async (row: Row, params: Params, reply: FastifyReply) => {
    const answer = await show(row, params)
    return reply
      .code(201)
      .header('location', (answer.body as { href: string }).href)
      .send(answer)
  }
  const { search, list, get, add, upload, edit, remove } = routes
  if (list) {
    app.get(collection, async (request) => {
      const params = paramsOf(request)
      const pick = search ? undefined : matchingOf(type, queryOf(request))
      const view = viewOf(request)
      // By what is related to it, things could be found out that are not shown.
      const wanted = search ? rowQueryOf(view ? { ...search, related: {} } : search, queryOf(request)) : {}
      const found = await list(params, view ? { ...wanted, where: bothOf(view.where, wanted.where) } : wanted)
      const rows = view && !search ? await view.among(found) : found
      const shown = await Promise.all(rows.map((row) => tree(row, params)))
      return new Answer(type.plural, toJsonCollection(type, pick ? pick(shown) : shown))
    })
  }
  if (get)
    app.get(single, async (request) => {
      const row = await get(paramsOf(request))
      const [seen = refuse()] = (await viewOf(request)?.among([row])) ?? [row]
      return show(seen, paramsOf(request))
    })
  if (add) {
    app.post(collection, async (request, reply) =>
      created(await add(fromJson(type, request.body), paramsOf(request), queryOf(request)), paramsOf(request), reply),
    )
  }
  if (upload) {
    app.register(async (scope) => {
      acceptOctets(scope)
      scope.post(collection, { bodyLimit: upload.mostBytes }, async (request, reply) =>
        created(await upload.take(octetsOf(request), paramsOf(request)), paramsOf(request), reply),
      )
    })
  }
  if (edit)
    app.put(single, async (request) => {
      const params = paramsOf(request)
      const wanted = fromJson(type, request.body)
      if (wanted.id !== undefined && wanted.id !== params.id) throw new Fault('IMMUTABLE_ID', { id: params.id! })
      return show(await edit(wanted, params), params)
    })
  if (remove) {
    app.delete(single, async (request, reply) => {
      const { isGoingOn } = await performed(request, () => remove(paramsOf(request), queryOf(request)))
      return isGoingOn ? reply.code(202).send(inProgress) : new Answer('action', { status: 'complete' })
    })
  }
}

/**
 * `POST …/{id}/start`: answers an action, also when it failed; some of the real engine's answer the bare fault then.
 * `isAnswered`: what `run` resolves to is part of the answer.
 */
export function registerAction(
  app: FastifyInstance,
  path: string,
  run: (params: Params, body: Readonly<Record<string, unknown>>, request: FastifyRequest) => Promise<unknown>,
  { bareFault = false, isAnswered = false } = {},
): void {
  app.post(apiPath + path, (request, reply) =>
    withJob(async (jobOf) => {
      const withIt = (body: object) => new Answer('action', { ...body, ...jobElement(jobOf()) })
      try {
        const body = (request.body ?? {}) as Record<string, unknown>
        const { result, isGoingOn } = await performed(request, () => run(paramsOf(request), body, request), body)
        if (isGoingOn) return reply.code(202).send(withIt({ status: 'in_progress' }))
        return withIt({ status: 'complete', ...(isAnswered && (result as object)) })
      } catch (error) {
        if (bareFault) throw error
        const { status, body } = failedAction(error, request.log)
        return reply.code(status).send(withIt(body))
      }
    }),
  )
}

const bothOf = (first: Condition, second: Condition | undefined): Condition => ({
  every: second ? [first, second] : [first],
})

function refuse(): never {
  throw new Fault('USER_NOT_AUTHORIZED_TO_PERFORM_ACTION')
}

const jobElement = (id: string | undefined) => id !== undefined && { job: { id, href: `${apiPath}/jobs/${id}` } }

/** `?async=true`, or an action that says so itself, waits only until it is certain that it will be done. */
async function performed<Result>(
  request: FastifyRequest,
  work: () => Promise<Result>,
  { async: asked }: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly result?: Result; readonly isGoingOn: boolean }> {
  const given = { ...(asked !== undefined && { async: asked }), ...Object.fromEntries(queryOf(request)) }
  const { async: isAsync } = readElements({ async: bool }, given, 'action')
  if (!isAsync) return { result: await work(), isGoingOn: false }
  const outcome = await untilAccepted(work, (err) => request.log.warn({ err }, 'failed after it was accepted'))
  return outcome === 'accepted' ? { isGoingOn: true } : { ...outcome, isGoingOn: false }
}

const inProgress = new Answer('action', { status: 'in_progress' })

function acceptOctets(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
}

function octetsOf({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body
  throw new Fault('INVALID_VALUE', { reason: 'The body must be a file, as application/octet-stream.' })
}

export const paramsOf = (request: FastifyRequest) => request.params as Params

const fill = (path: string, params: Params) =>
  path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))
