// How the driver says no.
import assert from 'node:assert/strict'
import { DriverError, type DriverErrorKind } from '@patchbay/vif-driver/driver-error.ts'

export async function assertRefused(call: Promise<unknown>, kind: DriverErrorKind, message: RegExp): Promise<void> {
  await assert.rejects(call, (error) => {
    assert(error instanceof DriverError, `a DriverError was expected, not ${error}`)
    assert.equal(error.kind, kind, error.message)
    assert.match(error.message, message)
    return true
  })
}
