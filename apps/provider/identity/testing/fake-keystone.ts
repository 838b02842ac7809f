// A small HTTP server in the place of a Keystone: for what a real one does only when it is ill.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { TestIdentity } from '@patchbay/ovsdb/testing/certificates.ts'
import type { KeystoneOptions } from '../keystone/keystone-options.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface FakeKeystone {
  readonly options: KeystoneOptions
  /** Tokens of users: what `token` in the answer says, besides the usual. */
  readonly tokens: Map<string, object>
  /** Tokens given to the provider that are still good. */
  readonly own: Set<string>
  /** Requests so far: `POST` are logins, `GET <token>` validations. */
  readonly asked: string[]
  /** Answers instead, as long as it is there. */
  ill: Handler | undefined
  /** Held back until it resolves. */
  wait: Promise<void> | undefined
  ownLifetimeMs: number
  stop(): Promise<void>
  /** On the same port. */
  restart(): Promise<void>
}

export const inBlue = {
  user: { id: 'u1', name: 'ann', domain: { id: 'default', name: 'Default' } },
  project: { id: 'p1', name: 'blue', domain: { id: 'default', name: 'Default' } },
  roles: [
    { id: 'r1', name: 'Member' },
    { id: 'r2', name: 'reader' },
    { id: 'r3', name: 'swift_operator' },
  ],
}

/** `tls`: with this certificate, and its CA in the options. */
export async function startFakeKeystone(t: TestContext, tls?: TestIdentity): Promise<FakeKeystone> {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    fake.asked.push(request.method === 'POST' ? 'POST' : `GET ${request.headers['x-subject-token']}`)
    await fake.wait
    if (fake.ill) return fake.ill(request, response)
    if (request.method === 'POST') logIn(fake, response)
    else look(fake, request, response)
  }
  const server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }, handle) : createServer(handle)
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  await listen(0)
  t.after(stop)
  const { port } = server.address() as AddressInfo
  const fake: FakeKeystone = {
    options: {
      url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/v3`,
      user: 'patchbay',
      password: 'its password',
      project: 'service',
      domain: 'Default',
      ca: tls?.ca.toString(),
      cacheMs: 60_000,
    },
    tokens: new Map(),
    own: new Set(),
    asked: [],
    ill: undefined,
    wait: undefined,
    ownLifetimeMs: 3_600_000,
    stop,
    restart: () => listen(port),
  }
  return fake
}

/** An answer as `ill` gives it. */
export const answering =
  (status: number, body: string): Handler =>
  (_request, response) =>
    reply(response, status, body)

export const errorBody = (code: number) => JSON.stringify({ error: { code, title: 'x', message: 'x' } })

function logIn(fake: FakeKeystone, response: ServerResponse): void {
  const id = `own-${fake.asked.length}`
  fake.own.add(id)
  fake.tokens.set(id, inBlue)
  response.setHeader('x-subject-token', id)
  reply(response, 201, tokenBody(inBlue, fake.ownLifetimeMs))
}

function look(fake: FakeKeystone, { headers }: IncomingMessage, response: ServerResponse): void {
  const token = fake.tokens.get(String(headers['x-subject-token']))
  if (!fake.own.has(String(headers['x-auth-token']))) reply(response, 401, errorBody(401))
  else if (token) reply(response, 200, tokenBody(token))
  else reply(response, 404, errorBody(404))
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

const tokenBody = (token: object, lifetimeMs = 3_600_000) =>
  JSON.stringify({ token: { expires_at: new Date(Date.now() + lifetimeMs).toISOString(), ...token } })
