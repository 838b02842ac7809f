// The kit's own token: fetched when first needed, and again when the provider no longer takes it.
import { errorOf, isSuccess } from './check.ts'
import type { Exchange } from './exchange.ts'
import { type Credentials, logIn } from './login.ts'

export interface Tokens {
  current(): Promise<string>
  renewed(): Promise<string>
}

export function createTokens(exchange: Exchange, credentials: Credentials): Tokens {
  let token: Promise<string> | undefined
  const renewed = () => {
    token = fetchToken(exchange, credentials)
    return token
  }
  return { current: () => token ?? renewed(), renewed }
}

/** Throws an Error for people when there is no token to be had. */
async function fetchToken(exchange: Exchange, credentials: Credentials): Promise<string> {
  const { answer, token } = await logIn(exchange, credentials)
  if (token !== undefined) return token
  const said = isSuccess(answer) ? 'without a token' : `with ${answer.status}${errorOf(answer.body)}`
  throw new Error(
    `The login of '${credentials.username}' at ${credentials.authUrl} was answered ${said}. Check --auth-url, --user, --password-file and --tenant.`,
  )
}
