// The driver that docs/vif-driver.md shows as an example works: the suite runs on it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLab } from '../../../lab/lab.ts'
import type { DriverBed } from '../conformance/bed.ts'
import { describeVifDriver } from '../describe-driver.ts'
import { bedUnavailable } from '../testing/bed-unavailable.ts'
import { carriesPing, labBedHost } from '../testing/lab-bed-host.ts'
import { madeUpNics } from '../testing/made-up-nics.ts'

const path = join(import.meta.dirname, 'driver.ts')

test('the documentation shows the example as it is', () => {
  const page = readFileSync(new URL('../../../docs/vif-driver.md', import.meta.url), 'utf8')
  const [, shown] = /```ts\n(.*?)```/s.exec(page) ?? []
  assert.equal(shown, readFileSync(path, 'utf8'))
})

describeVifDriver({ name: 'example', openBed, skip: bedUnavailable() })

async function openBed(): Promise<DriverBed> {
  const lab = await createLab({ hosts: ['host-a'] })
  const host = lab.host('host-a')
  await host.exec(['ip', '-batch', '-'], { input: 'link add br0 type bridge forward_delay 0\nlink set br0 up\n' })
  return {
    hosts: [labBedHost(host, { path, options: { bridge: 'br0' } })],
    newNic: madeUpNics('HOST_BRIDGE'),
    carries: carriesPing,
    [Symbol.asyncDispose]: lab.down,
  }
}
