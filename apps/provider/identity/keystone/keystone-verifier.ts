// Tokens of an external Keystone.

import { type Bounds, createRemoteVerifier, type RemoteVerifier, usualBounds } from '../tokens/remote-verifier.ts'
import { openInquiry } from './keystone-inquiry.ts'
import type { KeystoneOptions } from './keystone-options.ts'

/** Returns at once, whether Keystone answers or not: `missing()` tells. */
export function createKeystoneVerifier(
  options: KeystoneOptions,
  given: Partial<Bounds> = {},
  clock: () => number = Date.now,
): RemoteVerifier {
  const bounds = { ...usualBounds, ...given, cacheMs: options.cacheMs }
  return createRemoteVerifier(openInquiry(options, bounds, clock), bounds, clock)
}
