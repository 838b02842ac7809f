// Who logged in, and who could not: as events of the audit log.
import { steadyNow } from '@patchbay/service/steady-clock.ts'
import { asUser } from '../acting-user.ts'
import type { EventLog } from '../events.ts'

export interface LoginEvents {
  loggedIn(user: string, address: string): Promise<void>
  refused(user: string, address: string): Promise<void>
}

const windowMs = 60_000
/** Within the window: nobody fills the log by guessing. */
const mostRefusals = 60

export function createLoginEvents(events: EventLog, clock: () => number = steadyNow): LoginEvents {
  let [since, refusals] = [0, 0]
  return {
    loggedIn: (user, address) =>
      asUser(user, () => events.tell('USER_VDC_LOGIN', `User ${user} connecting from '${address}' logged in.`)),
    async refused(user, address) {
      if (clock() - since >= windowMs) [since, refusals] = [clock(), 0]
      if (++refusals > mostRefusals) return
      await events.tell('USER_VDC_LOGIN_FAILED', `User ${cleaned(user)} connecting from '${address}' failed to log in.`)
    },
  }
}

/** It may be anything. */
const cleaned = (user: string) => user.slice(0, 100).replaceAll(/[^\w.@+-]/g, '?')
