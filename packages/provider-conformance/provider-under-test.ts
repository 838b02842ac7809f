// The provider as cases see it: requests below /v2.0, what they made noted for removal, and names that tell the run.
import { randomBytes } from 'node:crypto'
import { isObject, isSuccess, must, show, skip } from './check.ts'
import type { Exchange, Method } from './exchange.ts'
import type { Removal } from './ledger.ts'
import type { Credentials } from './login.ts'
import { createRequests, type RequestParts, type Send } from './requests.ts'

export type Row = Readonly<Record<string, unknown>> & { readonly id: string }

export interface Settings {
  readonly url: string
  /** undefined: the provider is asked without a token. */
  readonly credentials: Credentials | undefined
  readonly readOnly: boolean
  /** provider:network_type of the networks that the kit makes; undefined: the provider's choice. */
  readonly networkType: string | undefined
  /** A physical network that flat and VLAN networks may be made on. */
  readonly physicalNetwork: string | undefined
  readonly vlanId: number
}

export interface ProviderUnderTest {
  readonly settings: Settings
  readonly exchange: Exchange
  /** In the name of everything that the run makes. */
  readonly tag: string
  /** A name that tells who made the thing. */
  name(what: string): string
  /** An address block that no other subnet of this run has. */
  block(): AddressBlock
  mac(): string
  /** One request; `path` is what follows /v2.0. What a POST makes is removed after the case. */
  send: Send
  /** As `send`, and the answer must be one of the engine's four successes. */
  ask: Send
  /** As `ask`; answers what is below the one root key. */
  one(method: Method, path: string, root: string, attributes?: object): Promise<Row>
  list(plural: string, query?: string): Promise<Row[]>
  /** The kit's own token; '' where it has none. */
  token(): Promise<string>
  /** A request to be sent after the case, when deleting what was made is not enough. */
  afterwards(removal: Removal): void
  /** The requests since the last call, a line each. */
  takeLog(): string[]
}

export interface AddressBlock {
  readonly cidr: string
  address(lastByte: number): string
}

export interface Parts extends Omit<RequestParts, 'url' | 'signal' | 'tag'> {
  readonly settings: Settings
  readonly runId: string
  readonly signal?: AbortSignal
}

export function createProviderUnderTest(parts: Parts): ProviderUnderTest {
  const { settings, exchange, ledger, runId, tokens, signal } = parts
  const tag = `patchbay-check-${runId}`
  const { send, takeLog } = createRequests({ url: settings.url, exchange, ledger, tag, tokens, signal })
  const ask: Send = async (method, path, body, options) => {
    const answer = await send(method, path, body, options)
    const request = `${method} ${options?.root ?? '/v2.0'}${path.replace(anyId, '/ID')}`
    must(isSuccess(answer), `${request} answers ${answer.status}, where 200, 201, 202 or 204 means success`)
    return answer
  }
  let blocks = 0
  return {
    settings,
    exchange,
    tag,
    send,
    ask,
    name: (what) => `${tag}-${what}`,
    block: () => addressBlock(blocks++),
    mac: () => ['02', ...randomBytes(5).toString('hex').match(/../g)!].join(':'),
    async one(method, path, root, attributes) {
      const { body } = await ask(method, path, attributes && { [root]: attributes })
      const value = isObject(body) ? body[root] : undefined
      must(isRow(value), `the answer is not {"${root}": {"id": …}}`)
      return value
    },
    async list(plural, query = '') {
      const { body } = await ask('GET', `/${plural}${query}`)
      const rows = isObject(body) ? body[plural.replaceAll('-', '_')] : undefined
      must(Array.isArray(rows) && rows.every(isRow), `the answer is not {"${plural}": [{"id": …}, …]}`)
      return rows
    },
    token: async () => (await tokens?.current()) ?? '',
    afterwards: ledger.note,
    takeLog,
  }
}

/** The aliases of Neutron's extensions that the provider announces; skips the case where it announces none. */
export async function mustAnnounce(provider: ProviderUnderTest, alias: string): Promise<void> {
  const { body } = await provider.send('GET', '/extensions')
  const extensions = isObject(body) && Array.isArray(body.extensions) ? body.extensions : []
  const announced = extensions.some((each) => isObject(each) && each.alias === alias)
  if (!announced) skip(`GET /v2.0/extensions does not list '${alias}'`)
}

/** Without ids, what many cases found reads the same. */
const anyId = /\/[0-9a-f-]{32,36}(?=$|[/?])/g

const isRow = (value: unknown): value is Row => isObject(value) && typeof value.id === 'string' && value.id !== ''

/** 10.211.0.0/24, 10.211.1.0/24, …: large enough for every run. */
function addressBlock(number: number): AddressBlock {
  const prefix = `10.${211 + (number >> 8)}.${number & 255}`
  return { cidr: `${prefix}.0/24`, address: (lastByte) => `${prefix}.${lastByte}` }
}

/** The row among others, by id. */
export function find(rows: readonly Row[], id: string): Row | undefined {
  return rows.find((row) => row.id === id)
}

export function mustFind(rows: readonly Row[], { id }: Row, where: string): Row {
  const found = find(rows, id)
  must(found, `${where} lacks ${show(id)}`)
  return found
}
