// Waiting until the kernel's bridge forwards for a NIC: what "wired" is for every driver that uses one.
import { setTimeout as delay } from 'node:timers/promises'
import { DriverError } from './driver-error.ts'
import { forwards, linkExists } from './iproute.ts'

const boundMs = 5_000
const pollMs = 5

/** Resolves when the link is a bridge port that forwards. Throws a DriverError: not-wired, or timeout by the signal. */
export async function untilForwarding(link: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + boundMs
  while (!forwards(link)) {
    if (signal.aborted) throw new DriverError('timeout', `${link} did not begin to forward in time`)
    if (!linkExists(link)) throw new DriverError('not-wired', `there is no ${link} on this host`)
    if (performance.now() > deadline)
      throw new DriverError('not-wired', `${link} did not begin to forward within ${boundMs} ms: has it a carrier?`)
    await delay(pollMs)
  }
}
