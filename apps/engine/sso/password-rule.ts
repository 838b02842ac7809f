// What a password of the engine's directory has to be.
import { Fault } from '../faults.ts'

const leastCharacters = 6
const mostCharacters = 1_024

/** Throws INVALID_VALUE. */
export function checkedPassword(password: string): string {
  if (password.length < leastCharacters || password.length > mostCharacters)
    throw new Fault('INVALID_VALUE', {
      reason: `A password must have ${leastCharacters} to ${mostCharacters} characters.`,
    })
  return password
}
