// The suite for VIF drivers: registers a test for each sentence of docs/vif-driver.md that can be checked on any driver.
import { after, afterEach, before, describe } from 'node:test'
import type { DriverBed } from './conformance/bed.ts'
import { describeErrors } from './conformance/describe-errors.ts'
import { describeExec } from './conformance/describe-exec.ts'
import { describeForm } from './conformance/describe-form.ts'
import { describeMigration } from './conformance/describe-migration.ts'
import { describePlugging } from './conformance/describe-plugging.ts'
import { describeReports } from './conformance/describe-reports.ts'
import { describeTime } from './conformance/describe-time.ts'
import { describeUndoing } from './conformance/describe-undoing.ts'
import { describeUnplugging } from './conformance/describe-unplugging.ts'
import { startTrial, type Trial } from './conformance/trial.ts'

export interface DriverUnderTest {
  readonly name: string
  /** Makes what the suite needs, once; it is disposed of at the end. */
  openBed(): Promise<DriverBed>
  /** Why the suite cannot run on this machine. */
  readonly skip?: string | undefined
}

/** The tests run one after the other. What the bed does not offer, and what the driver does not do, is skipped with the reason. */
export function describeVifDriver({ name, openBed, skip }: DriverUnderTest): void {
  describe(`VIF driver ${name}`, { skip: skip ?? false }, () => {
    let running: (Trial & AsyncDisposable) | undefined
    before(async () => {
      running = await startTrial(await openBed())
    })
    afterEach(() => running?.tidy())
    after(() => running?.[Symbol.asyncDispose]())

    const trial = () => running!
    describeForm(trial)
    describeExec(trial)
    describePlugging(trial)
    describeUnplugging(trial)
    describeMigration(trial)
    describeReports(trial)
    describeUndoing(trial)
    describeErrors(trial)
    describeTime(trial)
  })
}
