// The Identity API v3: what the OpenStack command and SDKs log in with and ask afterwards.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { defaultDomain, isAdmin, type Principal, type Project, roles } from '../principal.ts'
import type { Token, Tokens } from '../tokens/tokens.ts'
import type { Account, Directory } from '../users/directory.ts'
import type { Login } from '../users/login.ts'
import { idOf } from '../users/own-users.ts'
import { catalogV3, type Endpoints } from './catalog.ts'
import { IdentityError, unauthorized } from './identity-errors.ts'
import { parseV3Login } from './v3-login.ts'

export interface V3Parts {
  readonly directory: Directory
  readonly login: Login
  readonly tokens: Tokens
  readonly endpoints: () => Endpoints
}

export function registerV3(app: FastifyInstance, parts: V3Parts): void {
  registerV3Login(app, parts.login, parts.endpoints)
  registerTokens(app, parts)
  app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request) => void callerOf(parts.tokens, request))
    registerCollections(guarded, parts)
  })
}

/** Logins alone. */
export function registerV3Login(app: FastifyInstance, login: Login, endpoints: () => Endpoints): void {
  app.post('/v3/auth/tokens', async (request, reply) => {
    const { password, token, project } = parseV3Login(request.body)
    const issued = password
      ? await login.withPassword(password.user, password.password, project, request.ip)
      : await login.withToken(token!, project)
    const withCatalog = !('nocatalog' in (request.query as object))
    reply.code(201).header('x-subject-token', issued.id).header('vary', 'X-Auth-Token')
    return { token: shownToken(issued.token, withCatalog ? endpoints() : undefined) }
  })
}

function registerTokens(app: FastifyInstance, { tokens, endpoints }: V3Parts): void {
  const subject = (request: FastifyRequest): Token => {
    const caller = callerOf(tokens, request)
    const id = request.headers['x-subject-token']
    const token = typeof id === 'string' ? tokens.verify(id) : undefined
    if (!token) throw new IdentityError(404, 'Could not find token.')
    if (token.user.id !== caller.user.id && !isAdmin(caller))
      throw new IdentityError(403, 'You are not authorized to look at this token.')
    return token
  }
  app.get('/v3/auth/tokens', async (request, reply) => {
    const token = subject(request)
    reply.header('x-subject-token', request.headers['x-subject-token'])
    return { token: shownToken(token, endpoints()) }
  })
  app.delete('/v3/auth/tokens', async (request, reply) => {
    tokens.revoke(subject(request))
    return reply.code(204).send()
  })
}

function registerCollections(app: FastifyInstance, { directory, tokens, endpoints }: V3Parts): void {
  const visible = (request: FastifyRequest): readonly Account[] => {
    const caller = callerOf(tokens, request)
    return isAdmin(caller) ? directory.accounts() : directory.accounts().filter(({ id }) => id === caller.user.id)
  }
  const collection = (singular: string, list: (request: FastifyRequest) => readonly Named[]) => {
    const plural = `${singular}s`
    app.get(`/v3/${plural}`, async (request) => ({ [plural]: filtered(list(request), request), links: {} }))
    app.get(`/v3/${plural}/:id`, async (request) => {
      const { id } = request.params as { id: string }
      const found = list(request).find((each) => each.id === id)
      if (!found) throw new IdentityError(404, `Could not find ${singular}: ${id.slice(0, 100)}.`)
      return { [singular]: found }
    })
  }
  collection('project', (request) => projectsOf(visible(request)).map(shownProject))
  collection('user', (request) => visible(request).map(shownUser))
  collection('domain', () => [{ ...defaultDomain, enabled: true, description: '' }])
  collection('role', () => roles.map(shownRole))
  app.get('/v3/auth/catalog', async () => ({ catalog: catalogV3(endpoints()), links: {} }))
  app.get('/v3/auth/projects', async (request) => {
    const { user } = callerOf(tokens, request)
    return {
      projects: projectsOf(directory.accounts().filter(({ id }) => id === user.id)).map(shownProject),
      links: {},
    }
  })
  app.get('/v3/auth/domains', async () => ({ domains: [], links: {} }))
}

interface Named {
  readonly id: string
  readonly name: string
}

function callerOf(tokens: Tokens, request: FastifyRequest): Principal {
  const id = request.headers['x-auth-token']
  const token = typeof id === 'string' ? tokens.verify(id) : undefined
  if (!token) throw unauthorized()
  return token
}

function shownToken(token: Token, endpoints: Endpoints | undefined): object {
  return {
    methods: token.methods,
    user: { ...token.user, domain: defaultDomain, password_expires_at: null },
    audit_ids: [token.auditId],
    issued_at: microseconds(token.issuedAt),
    expires_at: microseconds(token.expiresAt),
    project: { ...token.project, domain: defaultDomain },
    is_domain: false,
    roles: token.roles.map(shownRole),
    ...(endpoints && { catalog: catalogV3(endpoints) }),
  }
}

const shownRole = (name: string) => ({ id: idOf('project', `role:${name}`), name, domain_id: null, description: null })
const shownUser = ({ id, name }: Account) => ({
  id,
  name,
  domain_id: defaultDomain.id,
  enabled: true,
  password_expires_at: null,
})
const shownProject = ({ id, name }: Project) => ({
  id,
  name,
  domain_id: defaultDomain.id,
  parent_id: defaultDomain.id,
  enabled: true,
  is_domain: false,
  description: '',
  tags: [],
})

function projectsOf(accounts: readonly Account[]): Project[] {
  const all = accounts.flatMap(({ assignments }) => assignments.map(({ project }) => project))
  return [...new Map(all.map((project) => [project.id, project])).values()]
}

/** Clients look things up by name. */
function filtered(items: readonly Named[], request: FastifyRequest): readonly Named[] {
  const { name } = request.query as { name?: string }
  return name === undefined ? items : items.filter((item) => item.name === name)
}

/** Keystone writes its times with six digits. */
const microseconds = (date: Date) => date.toISOString().replace(/Z$/, '000Z')
