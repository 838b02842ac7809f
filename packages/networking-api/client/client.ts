// A client of any Neutron-like provider: what an engine, a driver or the conformance kit asks of it.

import { canonicalFilter, type Listing, parseListing, select } from '../listing/listing.ts'
import { saysNext } from '../listing/page-links.ts'
import type { ResourceType } from '../resource.ts'
import { isObject } from '../resources/kinds.ts'
import { type Network, networkType } from '../resources/networks.ts'
import { type Port, portType } from '../resources/ports.ts'
import { type Subnet, subnetType } from '../resources/subnets.ts'
import type { HttpClient } from './http-client.ts'
import type { TokenSource } from './identity-client.ts'
import { createPortBindingsClient, type PortBindingsClient } from './port-bindings-client.ts'
import { loginWanted, ProviderError } from './provider-error.ts'

/** What a provider really answers: the id, and whatever else it knows. */
export type Answered<Resource extends { id: string }> = { readonly id: string } & Partial<Omit<Resource, 'id'>>

export interface NetworkingClient {
  /** `GET /v2.0/`: the provider is there, speaks JSON and takes our credentials. */
  test(): Promise<void>
  networks: Collection<Network>
  subnets: Collection<Subnet>
  ports: Collection<Port>
  bindings: PortBindingsClient
  /** Any other request below `/v2.0`, answered as it is. */
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown>
}

export type Filters<Resource> = { readonly [Name in keyof Resource]?: string }

export interface Collection<Resource extends { id: string }> {
  /** The resources whose attributes have these values. Also correct with a provider that ignores filters. */
  list(filters?: Filters<Resource>): Promise<Answered<Resource>[]>
  /** The same, one request at a time. A provider that does not know of pages answers with everything at once. */
  pages(filters?: Filters<Resource>, size?: number): AsyncGenerator<Answered<Resource>[], void, undefined>
  /** Throws a ProviderError with status 404 when there is none. */
  get(id: string): Promise<Answered<Resource>>
  create(attributes: object): Promise<Answered<Resource>>
  /** A provider may answer nothing (204), as the real engine does without it: then only what was sent is known. */
  update(id: string, attributes: object): Promise<Answered<Resource>>
  /** True if it is gone now, false if it was gone already. */
  remove(id: string): Promise<boolean>
}

export function createNetworkingClient(http: HttpClient, providerUrl: string, tokens?: TokenSource): NetworkingClient {
  const root = `${providerUrl.replace(/\/+$/, '')}/v2.0`
  const send: Send = (method, path, body, accept) => sendAuthorized(http, tokens, method, root + path, body, accept)
  return {
    async test() {
      const { body } = await send('GET', '/')
      if (!isObject(body)) throw malformed(`${root}/`, 'a JSON object')
    },
    networks: collection(send, root, networkType),
    subnets: collection(send, root, subnetType),
    ports: collection(send, root, portType),
    bindings: createPortBindingsClient(send),
    send: async (method, path, body) => (await send(method, path, body)).body,
  }
}

type Send = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  accept?: readonly number[],
) => Promise<{ status: number; body: unknown }>

/** With a token; when it is refused, once more with a new one (oVirt: two attempts in total). */
async function sendAuthorized(
  http: HttpClient,
  tokens: TokenSource | undefined,
  method: Parameters<Send>[0],
  url: string,
  body?: object,
  accept: readonly number[] = [],
) {
  if (!tokens) {
    const answer = await http.send(method, url, { body, accept: [...accept, 401] })
    if (answer.status !== 401) return answer
    throw loginWanted(url)
  }
  const token = await tokens.current()
  const first = await http.send(method, url, { body, headers: { 'x-auth-token': token }, accept: [...accept, 401] })
  if (first.status !== 401) return first
  return http.send(method, url, { body, headers: { 'x-auth-token': await tokens.renewed(token) }, accept })
}

function collection<Resource extends { id: string }>(
  send: Send,
  root: string,
  type: ResourceType,
): Collection<Resource> {
  const { singular, plural } = type
  const path = `/${plural}`
  const one = (id: string) => {
    if (isNoSegment(id))
      throw new ProviderError('rejected', `${root + path} has no id '${id}'. Check the id.`, { status: 404 })
    return `${path}/${encodeURIComponent(id)}`
  }
  const unwrapped = (body: unknown) => {
    const value = isObject(body) ? body[singular] : undefined
    if (isIdentified(value)) return value as Answered<Resource>
    throw malformed(root + path, `{"${singular}": {"id": …}}`)
  }
  const queryOf = (filters: Filters<Resource>) =>
    new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== undefined) as [string, string][])
  const pageOf = async (query: URLSearchParams): Promise<Page> => {
    const { body } = await send('GET', query.size > 0 ? `${path}?${query}` : path)
    const { [plural]: items, [`${plural}_links`]: links } = isObject(body) ? body : {}
    if (Array.isArray(items) && items.every(isIdentified)) return { items, hasNext: saysNext(links) }
    throw malformed(root + path, `{"${plural}": [{"id": …}]}`)
  }
  const wantedOf = (items: readonly Identified[], listing: Listing) =>
    items.filter((item) => isWanted(type, item, listing)) as Answered<Resource>[]
  return {
    async list(filters = {}) {
      const query = queryOf(filters)
      return wantedOf((await pageOf(query)).items, parseListing(type, query))
    },
    async *pages(filters = {}, size = 500) {
      const listing = parseListing(type, queryOf(filters))
      const seen = new Set<string>()
      for (let marker: string | undefined; ; ) {
        const query = queryOf(filters)
        query.set('limit', String(size))
        if (marker !== undefined) query.set('marker', marker)
        const { items, hasNext } = await pageOf(query)
        const fresh = items.filter(({ id }) => !seen.has(id))
        for (const { id } of fresh) seen.add(id)
        yield wantedOf(fresh, listing)
        // Without links, fewer: the last page; more: whoever answers so does not know of pages. Nor who answers the same again.
        if (!(hasNext ?? items.length === size) || fresh.length === 0) return
        marker = items.at(-1)!.id
      }
    },
    get: async (id) => unwrapped((await send('GET', one(id))).body),
    create: async (attributes) => unwrapped((await send('POST', path, { [singular]: attributes })).body),
    async update(id, attributes) {
      const { body } = await send('PUT', one(id), { [singular]: attributes })
      return body === undefined ? ({ ...attributes, id } as Answered<Resource>) : unwrapped(body)
    },
    remove: async (id) => !isNoSegment(id) && (await send('DELETE', one(id), undefined, [404])).status !== 404,
  }
}

interface Page {
  readonly items: readonly Identified[]
  /** What its links say; undefined: it has none. */
  readonly hasNext: boolean | undefined
}

interface Identified extends Record<string, unknown> {
  readonly id: string
}

const isIdentified = (value: unknown): value is Identified => isObject(value) && typeof value.id === 'string'

/** Texts that are no segment of a path: a URL that ends in one addresses the collection or the API itself. */
const isNoSegment = (id: string) => id === '' || id === '.' || id === '..'

/** Whether the item passes the filters, its values read as a provider reads a filter's (`TRUE`, `00-1A…`). */
function isWanted(type: ResourceType, item: Identified, listing: Listing): boolean {
  const read = [...listing.filters.keys()].map((name) => [name, canonicalFilter(type, name, item[name])])
  return select(type, [{ ...item, ...Object.fromEntries(read) }], listing).length > 0
}

function malformed(url: string, expected: string): ProviderError {
  return new ProviderError(
    'malformed',
    `${url} answered something else than ${expected}. Is this the URL of a Networking API?`,
  )
}
