// Whose name and password these are; guessing is slow.
import { steadyNow } from '@patchbay/service/steady-clock.ts'
import { loginNameOf, principalIn, userNameOf } from '../access/directory.ts'
import { Fault } from '../faults.ts'
import { createFailedAttempts } from '../pki/failed-attempts.ts'
import type { Tables } from '../store/store.ts'
import { type Credentials, isSame } from './credentials.ts'
import { createKnownPasswords } from './known-passwords.ts'

export interface PasswordCheck {
  /**
   * The user's name with its profile; undefined when there is no such user, or the password is wrong, or the user is
   * disabled. Throws TOO_MANY_ATTEMPTS when this user was named with wrong passwords too often from this address.
   */
  userOf(given: Credentials | undefined, address: string): Promise<string | undefined>
}

/** The administrator's password is known; those of `users` are as hashes. */
export function createPasswordCheck(
  administrator: Credentials,
  users: Tables['users'],
  clock: () => number = steadyNow,
): PasswordCheck {
  const attempts = createFailedAttempts(clock)
  const passwords = createKnownPasswords()

  async function isRight(principal: string, password: string): Promise<boolean> {
    const [user] = await users.find({ userName: userNameOf(principal) })
    return passwords.isRight(password, user?.enabled ? user.passwordHash : '')
  }

  return {
    async userOf(given, address) {
      if (!given) return undefined
      const principal = given.name.includes('@') ? principalIn(given.name) : undefined
      const name = principal === undefined ? given.name : loginNameOf({ principal })
      const who = `${address} ${name.slice(0, 255)}`
      const { password } = given
      return passwords.once([who, password], async () => {
        if (attempts.isBarred(who)) throw new Fault('TOO_MANY_ATTEMPTS')
        if (isSame({ name, password }, administrator)) return administrator.name
        // Before it is certain: many guesses at once are as many as one after the other.
        const forgive = attempts.note(who)
        if (name === administrator.name || principal === undefined) return undefined
        // Twice: it may have been changed while it was checked.
        if (!(await isRight(principal, password)) || !(await isRight(principal, password))) return undefined
        forgive()
        return name
      })
    },
  }
}
