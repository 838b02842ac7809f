// Who may log in. Passwords are kept as scrypt hashes; a wrong user costs the same time as a wrong password.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export interface Users {
  /** The project of a user with this name and password, or undefined. */
  authenticate(name: string, password: string): Promise<string | undefined>
}

const hash = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>

/** One administrator, of project `admin`. */
export async function createUsers(administrator: { name: string; password: string }): Promise<Users> {
  const salt = randomBytes(16)
  const expected = await hash(administrator.password, salt, 32)
  return {
    async authenticate(name, password) {
      const same = timingSafeEqual(await hash(password, salt, 32), expected)
      return same && name === administrator.name ? 'admin' : undefined
    },
  }
}
