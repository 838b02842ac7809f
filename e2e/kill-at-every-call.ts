// Does an operation again and again, each time with a service killed at the next of the calls that are made meanwhile.
import type { TestContext } from 'node:test'
import type { Service } from '../lab/services/constellation.ts'
import type { Bed } from './bed.ts'
import type { Moment } from './gate.ts'
import { assertInvariants } from './invariants.ts'
import { tellLogs } from './log-tails.ts'
import type { Operation } from './operations.ts'

export interface Killing {
  /** Whether something is killed at this call. */
  matches(call: string): boolean
  /** What is killed: at once, and started again at once. */
  victim(call: string): Service
  /** What need not hold at once, but when the operation was done again. */
}

/** More calls than any operation makes: then it does not end. */
const mostCalls = 60

export async function killAtEveryCall(t: TestContext, bed: Bed, operation: Operation, killing: Killing): Promise<void> {
  try {
    await killAtEach(t, bed, operation, killing)
  } catch (error) {
    tellLogs(t, bed)
    throw error
  }
}

async function killAtEach(t: TestContext, bed: Bed, operation: Operation, killing: Killing): Promise<void> {
  for (let n = 1; n <= mostCalls; n++) {
    const call = await killAtCall(t, bed, operation, killing, n, 'before')
    if (call === undefined) return
    // A call that only asks leaves everything as it is, so that before it and after it are the same.
    if (!/: (GET |VM\.getStats)/.test(call)) await killAtCall(t, bed, operation, killing, n, 'after')
  }
  throw new Error(`${operation.title} makes more than ${mostCalls} calls`)
}

/** Answers at which call it was, if there was such a call; throws when not all holds afterwards. */
async function killAtCall(
  t: TestContext,
  bed: Bed,
  operation: Operation,
  killing: Killing,
  n: number,
  moment: Moment,
): Promise<string | undefined> {
  const subject = await operation.prepare(bed)
  const call = await killAt(bed, killing, n, moment, () => subject.run())
  const when = `${operation.title}, killed ${moment} call ${n}, ${call}`
  if (call !== undefined) {
    t.diagnostic(when)
    await assertInvariants(bed, when)
    await subject.again().catch((cause) => {
      throw new Error(`${when}: it cannot be done again: ${cause.message}`, { cause })
    })
    await assertInvariants(bed, `${when}, and done again`)
  }
  await subject.remove()
  return call
}

/** Resolves when the operation has ended somehow and what was killed runs again. */
async function killAt(
  { gate }: Bed,
  { matches, victim }: Killing,
  n: number,
  moment: Moment,
  run: () => Promise<unknown>,
) {
  const restarts: Promise<void>[] = []
  const happening = async (call: string) => {
    await victim(call).kill()
    // Not waited for: the call is lost first.
    restarts.push(victim(call).start())
  }
  gate.arm({ n, moment, matches, happening })
  await run().catch(() => {})
  const call = await gate.disarm()
  await Promise.all(restarts)
  return call
}
