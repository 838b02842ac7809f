// Asking a Keystone about tokens, with the provider's own token renewed on the way and an eye on whether it answers.

import { watchService } from '../service-watch.ts'
import { type Inquiry, type InquiryBounds, unavailable } from '../tokens/remote-verifier.ts'
import { createKeystoneClient } from './keystone-client.ts'
import type { KeystoneOptions } from './keystone-options.ts'
import { createOwnTokenSource } from './keystone-own-token.ts'

/** Returns at once, whether Keystone answers or not: `missing()` tells. */
export function openInquiry(options: KeystoneOptions, bounds: InquiryBounds, clock: () => number): Inquiry {
  const client = createKeystoneClient(options, bounds.timeoutMs)
  const own = createOwnTokenSource(client.logIn, clock)
  /** `token` undefined: the provider's own, which is as good as any to see whether Keystone answers. */
  const ask = async (token?: string) => {
    const first = await own.current()
    const answer = await client.look(token ?? first, first)
    if (answer !== 'log in') return answer
    const second = await own.current(first)
    const again = await client.look(token ?? second, second)
    if (again === 'log in') throw unavailable(`Keystone at ${options.url} refuses the token that it gave the provider.`)
    return again
  }
  const watch = watchService('Keystone', ask, bounds.retryMs)
  return {
    about: (token) => watch.see(ask(token)),
    missing: watch.missing,
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]()
      await client.close()
    },
  }
}
