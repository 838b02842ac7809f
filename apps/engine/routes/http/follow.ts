// `?follow=nics.vnic_profile,cluster`: what links and references lead to stands in their place.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { everyType } from '@patchbay/ovirt-api/types/every-type.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Fault } from '../../faults.ts'
import { portalHeader } from '../../portal/session-cookie.ts'
import { Answer } from './formats.ts'
import { queryOf } from './request-url.ts'

const mostPaths = 20
const mostDepth = 4
/** Of one request. */
const mostRead = 500

type Tree = Record<string, unknown>
type Read = (href: string) => Promise<Tree | undefined>

/** Before the hook that writes the answer. What is followed is asked for as the client would do it, with its rights. */
export function registerFollow(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, reply, payload) => {
    const wanted = queryOf(request).get('follow')
    if (!wanted || request.method !== 'GET' || reply.statusCode !== 200 || !(payload instanceof Answer)) return payload
    const body = structuredClone(payload.body) as Tree
    const read = readerFor(app, request)
    for (const path of pathsOf(wanted)) await followAll(resourcesIn(body), path, read)
    return new Answer(payload.root, body)
  })
}

function pathsOf(follow: string): string[][] {
  const paths = follow.split(',').map((path) => path.trim().toLowerCase().split('.'))
  if (paths.length > mostPaths || paths.some(({ length }) => length > mostDepth))
    throw invalid(`at most ${mostPaths} paths of at most ${mostDepth} steps can be followed`)
  for (const name of paths.flat())
    if (!elementNames.has(plain(name))) throw invalid(`there is nothing of the name "${name.slice(0, 100)}" to follow`)
  return paths
}

/** Each resource once. */
function readerFor(
  app: FastifyInstance,
  { headers: { authorization, cookie, [portalHeader]: portal }, id }: FastifyRequest,
): Read {
  const reads = new Map<string, Promise<Tree | undefined>>()
  const headers = {
    accept: 'application/json',
    'correlation-id': id,
    ...(authorization !== undefined && { authorization }),
    ...(cookie !== undefined && { cookie }),
    ...(portal !== undefined && { [portalHeader]: portal }),
  }
  const read = async (url: string) => {
    const answer = await app.inject({ url, headers })
    return answer.statusCode === 200 ? answer.json<Tree>() : undefined
  }
  return async (href) => {
    if (!href.startsWith(`${apiPath}/`)) return undefined
    if (!reads.has(href)) {
      if (reads.size >= mostRead) throw invalid(`it leads to more than ${mostRead} resources: ask for less with max`)
      reads.set(href, read(href))
    }
    return structuredClone(await reads.get(href))
  }
}

async function followAll(resources: Tree[], [name, ...further]: string[], read: Read): Promise<void> {
  if (name === undefined) return
  for (const resource of resources) await followAll(await follow(resource, plain(name), read), further, read)
}

/** Answers what was put in place. What cannot be read stays a link. */
async function follow(resource: Tree, name: string, read: Read): Promise<Tree[]> {
  const links = Array.isArray(resource.link) ? (resource.link as { rel: string; href: string }[]) : []
  const link = links.find(({ rel }) => rel === name)
  if (link) {
    const target = await read(link.href)
    if (!target) return []
    const others = links.filter((each) => each !== link)
    if (others.length > 0) resource.link = others
    else delete resource.link
    resource[elementNames.get(name)!] = target
    return resourcesIn(target)
  }
  const key = Object.keys(resource).find((each) => plain(each) === name)
  if (key === undefined || typeof resource[key] !== 'object' || resource[key] === null) return []
  const references = resourcesIn(resource[key] as Tree)
  const targets = await Promise.all(references.map(({ href }) => (typeof href === 'string' ? read(href) : undefined)))
  for (const [at, target] of targets.entries()) if (target) Object.assign(references[at]!, target)
  return references
}

/** The items of a collection or list; else the resource itself. */
function resourcesIn(body: Tree): Tree[] {
  const values = Object.values(body)
  const isCollection = body.id === undefined && values.length === 1 && Array.isArray(values[0])
  return isCollection ? (values[0] as Tree[]) : [body]
}

/** As names of links are written. */
const plain = (name: string) => name.replaceAll('_', '')

/** Name of a link → of the element that stands in its place: `vnicprofiles` → `vnic_profiles`. */
const elementNames: ReadonlyMap<string, string> = new Map(
  [
    ...everyType.map(({ plural }) => plural),
    ...everyType.flatMap(({ fields }) => Object.keys(fields)),
    'subnets',
    'deployments',
  ].map((name) => [plain(name), name]),
)

const invalid = (reason: string) => new Fault('INVALID_VALUE', { reason: `follow cannot be done: ${reason}.` })
