// The engine's SSO service: tokens for a name and a password, whose a token is, and its end. Paths and bodies are oVirt's.
import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { basicCredentials, type Credentials, isSame } from '../sso/credentials.ts'
import { logIn, logOut, needed, type SsoParts } from '../sso/log-in.ts'
import { OAuthError, oauthErrorBody } from '../sso/oauth-error.ts'
import type { Session } from '../sso/sessions.ts'

export const ssoPath = '/ovirt-engine/sso/oauth'
const logoutPath = '/ovirt-engine/services/sso-logout'

export function registerSso(app: FastifyInstance, parts: SsoParts): void {
  const { sessions } = parts
  app.register(async (sso) => {
    acceptForms(sso)
    answerOAuthErrors(sso)
    sso.post(`${ssoPath}/token`, async (request) => {
      const form = formOf(request)
      const { token, session } = await logIn(parts, form, request.ip)
      return { access_token: token, scope: session.scope, exp: String(session.expiresAt), token_type: 'bearer' }
    })
    sso.post(`${ssoPath}/token-info`, async (request) => {
      checkClient(request, parts.client)
      const session = sessions.use(needed(formOf(request), 'token'))
      if (!session) throw new OAuthError('invalid_grant')
      return tokenInfo(session)
    })
    sso.post(`${ssoPath}/revoke`, async (request) => {
      checkClient(request, parts.client)
      await logOut(parts, needed(formOf(request), 'token'), request.ip)
      return {}
    })
    sso.post(logoutPath, async (request) => {
      await logOut(parts, needed(formOf(request), 'token'), request.ip)
      return {}
    })
  })
}

/** In the form that the real engine's JSON library gives to objects: the Java type, then the value. */
function tokenInfo({ userId, scope, expiresAt }: Session): object {
  return {
    active: true,
    token_type: 'bearer',
    client_id: null,
    user_id: userId,
    scope,
    exp: String(expiresAt),
    ovirt: [
      'java.util.HashMap',
      {
        version: '0',
        principal_id: hash('sha256', userId, 'hex').slice(0, 32),
        email: null,
        group_ids: ['java.util.ArrayList', []],
        capability_credentials_change: false,
      },
    ],
  }
}

function checkClient(request: FastifyRequest, client: Credentials | undefined): void {
  const form = formOf(request)
  const [name, secret] = [form.get('client_id'), form.get('client_secret')]
  const given = name && secret ? { name, password: secret } : basicCredentials(request.headers.authorization)
  if (!given) throw new OAuthError('invalid_request', { name: 'client_id' })
  if (!client || !isSame(given, client)) throw new OAuthError('unauthorized_client')
}

/** Not from the query, where the real engine takes it too: what stands in a URL gets into logs. */
const formOf = ({ body }: FastifyRequest) => (body instanceof URLSearchParams ? body : new URLSearchParams())

function acceptForms(sso: FastifyInstance): void {
  sso.removeAllContentTypeParsers()
  sso.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(body as string)),
  )
  sso.addHook('onRequest', async ({ headers: { accept } }, reply) => {
    void reply.header('cache-control', 'no-store').header('pragma', 'no-cache')
    // The real engine wants exactly this one; others are taken if they leave room for it.
    if (!/application\/json|\*\/\*/.test(accept ?? ''))
      throw new OAuthError('invalid_request', { name: 'Accept Header' })
  })
}

function answerOAuthErrors(sso: FastifyInstance): void {
  sso.setErrorHandler(async (error, request, reply) => {
    if (!(error instanceof OAuthError)) throw error
    return reply.code(400).send(oauthErrorBody(error, formOf(request).get('scope') ?? ''))
  })
}
