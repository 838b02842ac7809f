// Refusals of the SSO service: OAuth's error codes with oVirt's texts.
import { type DetailsOf, fillIn } from '@patchbay/networking-api/message-text.ts'

const errors = {
  invalid_request: "Missing parameter: '{name}'",
  unsupported_grant_type: 'Unsupported grant type',
  access_denied: "Cannot authenticate user '{user}': The user name or password is incorrect..",
  unauthorized_client: 'The client is not authorized to request an authorization.',
  invalid_grant: 'The provided authorization grant for the auth code has expired.',
} as const

export type OAuthErrorCode = keyof typeof errors

export class OAuthError<Code extends OAuthErrorCode = OAuthErrorCode> extends Error {
  override readonly name = 'OAuthError'
  readonly code: Code

  constructor(code: Code, ...details: DetailsOf<(typeof errors)[Code]>) {
    super(fillIn(errors[code], details[0]))
    this.code = code
  }
}

/** Clients of the REST API read `error_code` and `error`; all others what RFC 6749 (5.2) says. */
export function oauthErrorBody({ code, message }: OAuthError, scope: string): object {
  if (scope.split(/\s+/).includes('ovirt-app-api')) return { error_code: code, error: message }
  return { error: code, error_description: message }
}
