// Whose token is it: what the Networking API asks of any source of users.
import type { Principal } from '../principal.ts'

export interface TokenVerifier {
  /**
   * undefined: the token is unknown, altered, expired or revoked. A verdict that is at hand is no promise, so that it costs
   * no turn of the event loop. Throws a NetworkingError: 503 while there can be no verdict, 403 for a token without rights.
   */
  verify(token: string): Principal | undefined | Promise<Principal | undefined>
}
