// Who logged in, and who could not: as events of the audit log.
import { steadyNow } from '@patchbay/service/steady-clock.ts'
import { asUser } from '../acting-user.ts'
import type { EventName } from '../events/event-codes.ts'
import type { EventLog } from '../events/event-log.ts'

export interface LoginEvents {
  loggedIn(user: string, address: string): Promise<void>
  refused(user: string, address: string): Promise<void>
  loggedOut(user: string, address: string): Promise<void>
}

const windowMs = 60_000
/** Within the window: nobody fills the log by guessing. */
const mostRefusals = 60
/** Within the window, and log-outs; more are not told of. */
const mostLogins = 1_000

export function createLoginEvents(events: EventLog, clock: () => number = steadyNow): LoginEvents {
  let since = clock()
  let refusals = 0
  const told = new Set<string>()
  const forget = () => {
    if (clock() - since < windowMs) return
    since = clock()
    refusals = 0
    told.clear()
  }
  /** Programs log in and out for every call: it is enough to know that they do. */
  async function once(user: string, name: EventName, text: string): Promise<void> {
    forget()
    if (told.has(text) || told.size >= mostLogins) return
    told.add(text)
    await asUser(user, () => events.tell(name, text))
  }
  return {
    loggedIn: (user, address) => once(user, 'USER_VDC_LOGIN', `User ${user} connecting from '${address}' logged in.`),
    loggedOut: (user, address) => once(user, 'USER_VDC_LOGOUT', `User ${user} connected from '${address}' logged out.`),
    async refused(user, address) {
      forget()
      if (++refusals > mostRefusals) return
      const text = `User ${cleaned(user)} connecting from '${address}' failed to log in.`
      await events.tell('USER_VDC_LOGIN_FAILED', text)
    },
  }
}

/** It may be anything. */
const cleaned = (user: string) => user.slice(0, 100).replaceAll(/[^\w.@+-]/g, '?')
