// Whether a name and a password are the administrator's; guessing is slow.
import { steadyNow } from '@patchbay/service/steady-clock.ts'
import { Fault } from '../faults.ts'
import { createFailedAttempts } from '../pki/failed-attempts.ts'
import { type Credentials, isSame } from './credentials.ts'

export interface PasswordCheck {
  /** Throws TOO_MANY_ATTEMPTS when this user was named with wrong passwords too often from this address. */
  isRight(given: Credentials | undefined, address: string): boolean
}

export function createPasswordCheck(administrator: Credentials, clock: () => number = steadyNow): PasswordCheck {
  const attempts = createFailedAttempts(clock)
  return {
    isRight(given, address) {
      if (!given) return false
      const who = `${address} ${given.name.slice(0, 255)}`
      if (attempts.isBarred(who)) throw new Fault('TOO_MANY_ATTEMPTS')
      const isRight = isSame(given, administrator)
      if (!isRight) attempts.note(who)
      return isRight
    },
  }
}
