// A small HTTP server in the place of an oVirt engine's SSO: for what our own engine does not have, or does only when it is ill.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { OvirtOptions } from '../ovirt/ovirt-options.ts'
import { usualRules } from '../ovirt/ovirt-rules.ts'

export interface FakeSso {
  readonly options: OvirtOptions
  /** Token → what `token-info` says of it, besides the usual. */
  readonly tokens: Map<string, object>
  /** Forms so far, with the path; those of our own questions are left out. */
  readonly asked: { readonly path: string; readonly form: URLSearchParams; readonly authorization: string }[]
  /** Answers instead, as long as it is there. */
  ill: ((response: ServerResponse) => void) | undefined
}

/** A group as the real engine's JSON library writes it. */
export const group = (name: string) => [
  'org.ovirt.engine.api.extensions.ExtMap',
  {
    'AAA_AUTHZ_GROUP_NAME;java.lang.String;0eebe54f-b429-44f3-aa80-4704cbb16835': name,
    'AAA_AUTHZ_GROUP_ID;java.lang.String;4615d4d3-a1b7-43cc-bc8d-c8a84a2f3bb6': `id of ${name}`,
  },
]

export const inGroups = (...names: string[]) => ({
  ovirt: ['java.util.HashMap', { principal_id: 'x', group_ids: ['java.util.ArrayList', names.map(group)] }],
})

export async function startFakeSso(t: TestContext, options: Partial<OvirtOptions> = {}): Promise<FakeSso> {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await text(request))
    const [path, authorization] = [request.url!, request.headers.authorization ?? '']
    if (form.get('token') !== 'is-anybody-there') fake.asked.push({ path, form, authorization })
    if (fake.ill) return fake.ill(response)
    const info = fake.tokens.get(form.get('token') ?? '')
    const usual = { active: true, token_type: 'bearer', client_id: null, user_id: 'ann@internal', exp: 2_147_483_647 }
    answer(response, info ? { ...usual, ...info } : { error_code: 'invalid_grant', error: 'Expired.' })
  }
  const server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const fake: FakeSso = {
    options: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ovirt-engine`,
      client: 'ovirt-provider-ovn',
      secret: 'between us',
      rules: usualRules,
      ca: undefined,
      cacheMs: 60_000,
      ...options,
    },
    tokens: new Map(),
    asked: [],
    ill: undefined,
  }
  return fake
}

export function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
