// The group `identity`: logging in with v2.0 and v3, and what happens without a token.
import { isObject, isSuccess, must, same, show, skip } from '../check.ts'
import { type CaseDraft, caseGroup } from '../conformance-case.ts'
import type { Answer } from '../exchange.ts'
import { type Credentials, type Login, logInV2, logInV3, speaksV3 } from '../login.ts'
import { find, type ProviderUnderTest } from '../provider-under-test.ts'

const v2Source = 'ovirt-engine: authentication; feature document: authenticate'
const v3Source = 'ovirt-engine: authentication with an URL that ends in /v3'
const refusedSource = 'ovirt-engine: on 401 it logs in again and repeats the request once'

const cases: readonly CaseDraft[] = [
  {
    id: 'engine-login',
    level: 'required',
    readOnly: true,
    rule: 'The login that a real engine makes with this URL and tenant gets a token: v3 when the URL ends in /v3 and there is a tenant, else v2.0',
    source: 'ovirt-engine: authentication',
    async run(provider) {
      const credentials = credentialsOf(provider)
      if (speaksV3(credentials) && !credentials.tenant)
        skip(
          'without --tenant the engine sends a v2.0 login to this URL too, which ends in /v3: name a tenant in the engine',
        )
      const login = speaksV3(credentials) ? logInV3 : logInV2
      mustHaveToken(await login(provider.exchange, credentials))
    },
  },
  {
    id: 'v2-login',
    level: 'recommended',
    readOnly: true,
    rule: 'POST /v2.0/tokens answers access.token.id, and nothing beside "access"',
    source: v2Source,
    async run(provider) {
      const { answer } = await v2Login(provider, credentialsOf(provider))
      same(Object.keys(answer.body as object), ['access'], 'the list of root keys')
    },
  },
  {
    id: 'v2-login-without-tenant',
    level: 'recommended',
    readOnly: true,
    rule: 'POST /v2.0/tokens takes a login that names no tenant',
    source: v2Source,
    async run(provider) {
      await v2Login(provider, { ...credentialsOf(provider), tenant: undefined })
    },
  },
  {
    id: 'v2-dates',
    level: 'required',
    readOnly: true,
    rule: "A v2.0 token's expires and issued_at, where they are given, are ISO 8601 dates: others fail the engine's login",
    source: 'ovirt-engine: how it reads answers',
    async run(provider) {
      const { answer } = await v2Login(provider, credentialsOf(provider))
      const { token } = (answer.body as { access: { token: Record<string, unknown> } }).access
      for (const name of ['expires', 'issued_at'])
        must(token[name] == null || isDate(token[name]), `${name} is ${show(token[name])}`)
    },
  },
  {
    id: 'v2-double-slash',
    level: 'recommended',
    readOnly: true,
    rule: "POST /v2.0//tokens is POST /v2.0/tokens: what the engine sends when the URL has a slash at its end, as its installer's default has",
    source: 'ovirt-engine: authentication',
    async run(provider) {
      await v2Login(provider, credentialsOf(provider), '/v2.0//tokens')
    },
  },
  {
    id: 'v3-login',
    level: 'recommended',
    readOnly: true,
    rule: 'POST /v3/auth/tokens answers the token in the header X-Subject-Token, scoped to the project where one is named',
    source: v3Source,
    async run(provider) {
      const login = await logInV3(provider.exchange, credentialsOf(provider))
      if (login.answer.status === 404) skip('Identity v3 is not served here (404)')
      mustHaveToken(login)
    },
  },
  {
    id: 'v3-token-works',
    level: 'recommended',
    readOnly: true,
    rule: 'The Networking API takes the token of a v3 login',
    source: v3Source,
    async run(provider) {
      const login = await logInV3(provider.exchange, credentialsOf(provider))
      if (login.answer.status === 404) skip('Identity v3 is not served here (404)')
      await provider.ask('GET', '/', undefined, withToken(mustHaveToken(login)))
    },
  },
  {
    id: 'wrong-password',
    level: 'required',
    readOnly: true,
    rule: 'A login with a wrong password is refused with 401',
    source: 'Identity API: authentication',
    async run(provider) {
      const credentials = { ...credentialsOf(provider), password: `not-${provider.tag}` }
      const login = speaksV3(credentials) ? logInV3 : logInV2
      same((await login(provider.exchange, credentials)).answer.status, 401, 'the status')
    },
  },
  ...(['without-token', 'wrong-token'] as const).map(refusedRead),
  {
    id: 'write-without-token',
    level: 'required',
    rule: 'Creating a network without a token is refused with 401, and nothing is made',
    source: refusedSource,
    async run(provider) {
      credentialsOf(provider)
      const body = { network: { name: provider.name('no-token') } }
      same((await provider.send('POST', '/networks', body, { token: false })).status, 401, 'the status')
      const made = (await provider.list('networks')).filter(({ name }) => name === provider.name('no-token'))
      must(!made[0] || !find(made, made[0].id), 'the network is made')
    },
  },
]

export const identity = caseGroup('identity', 'logging in, and requests without a token', cases, async (provider) =>
  provider.settings.credentials ? undefined : 'no --auth-url was given',
)

function refusedRead(id: 'without-token' | 'wrong-token'): CaseDraft {
  return {
    id,
    level: 'required',
    readOnly: true,
    rule: `A request ${id === 'without-token' ? 'without a token' : 'with an unknown token'} is refused with 401, upon which the engine logs in anew`,
    source: refusedSource,
    async run(provider) {
      credentialsOf(provider)
      const options = id === 'without-token' ? { token: false } : withToken(crypto.randomUUID())
      same((await provider.send('GET', '/ports', undefined, options)).status, 401, 'the status')
    },
  }
}

function credentialsOf({ settings }: ProviderUnderTest): Credentials {
  return settings.credentials ?? skip('no --auth-url was given')
}

const withToken = (token: string) => ({ token: false, headers: { 'x-auth-token': token } })

/** A real Keystone has no v2.0 any more: the engine uses v3 there. */
async function v2Login(provider: ProviderUnderTest, credentials: Credentials, path?: string): Promise<Login> {
  const login = await logInV2(provider.exchange, credentials, path)
  if (login.answer.status === 404 && speaksV3(credentials)) skip('Identity v2.0 is not served here (404)')
  mustHaveToken(login)
  return login
}

/** The token itself never gets into a report. */
function mustHaveToken({ answer, token }: Login): string {
  must(isSuccess(answer), `the login is refused with ${answer.status}${reason(answer)}`)
  must(token !== undefined, `the login is answered with ${answer.status}, but without a token where one is expected`)
  return token
}

function reason({ body }: Answer): string {
  const error = isObject(body) && isObject(body.error) ? body.error.message : undefined
  return typeof error === 'string' ? `: ${error}` : ''
}

const isDate = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))
