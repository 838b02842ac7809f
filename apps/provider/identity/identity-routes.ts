// The Identity API v2.0: what an engine needs to log in.
import { isObject } from '@patchbay/networking-api/kinds.ts'
import type { FastifyInstance } from 'fastify'
import type { Tokens } from './tokens.ts'
import type { Users } from './users.ts'

export function registerIdentity(app: FastifyInstance, { users, tokens }: { users: Users; tokens: Tokens }): void {
  const version = { id: 'v2.0', status: 'stable', updated: '2014-04-17T00:00:00Z', links: [], 'media-types': [] }
  app.get('/v2.0', async () => ({ version }))
  app.get('/', async (_request, reply) => reply.code(300).send({ versions: { values: [version] } }))

  app.post('/v2.0/tokens', async (request, reply) => {
    const login = parseLogin(request.body)
    if (!login)
      return reply
        .code(400)
        .send(
          failure(
            400,
            'Bad Request',
            'Expecting to find auth.passwordCredentials with username and password in the request body.',
          ),
        )
    const project = await users.authenticate(login.username, login.password)
    if (project === undefined || (login.tenant && login.tenant !== project))
      return reply.code(401).send(failure(401, 'Unauthorized', 'The request you have made requires authentication.'))
    const token = tokens.issue({ user: login.username, project })
    return {
      access: {
        token: {
          id: token.id,
          expires: seconds(token.expiresAt),
          issued_at: seconds(token.issuedAt),
          tenant: { id: project, name: project, enabled: true },
        },
        user: {
          id: login.username,
          name: login.username,
          username: login.username,
          roles: [{ name: 'admin' }],
          roles_links: [],
        },
        serviceCatalog: [],
      },
    }
  })

  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send(failure(404, 'Not Found', 'The resource could not be found.')),
  )
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'request failed')
    return reply
      .code(status)
      .send(
        failure(
          status,
          status >= 500 ? 'Internal Server Error' : 'Bad Request',
          status >= 500 ? 'An unexpected error prevented the server from fulfilling your request.' : error.message,
        ),
      )
  })
}

function parseLogin(body: unknown): { username: string; password: string; tenant: string } | undefined {
  const auth = isObject(body) ? body.auth : undefined
  const credentials = isObject(auth) ? auth.passwordCredentials : undefined
  if (!isObject(auth) || !isObject(credentials)) return undefined
  const { username, password } = credentials
  const tenant = auth.tenantName ?? auth.tenantId ?? ''
  if (typeof username !== 'string' || typeof password !== 'string' || typeof tenant !== 'string') return undefined
  return { username, password, tenant }
}

const failure = (code: number, title: string, message: string) => ({ error: { code, title, message } })
const seconds = (date: Date) => date.toISOString().replace(/\.\d+Z$/, 'Z')
