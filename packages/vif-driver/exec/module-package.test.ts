// A driver that is a module keeps the specification as an executable too.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLab } from '../../../lab/lab.ts'
import type { DriverBed } from '../conformance/bed.ts'
import { describeVifDriver } from '../describe-driver.ts'
import { bedUnavailable } from '../testing/bed-unavailable.ts'
import { carriesPing, labBedHost } from '../testing/lab-bed-host.ts'
import { madeUpNics } from '../testing/made-up-nics.ts'
import { writeModulePackage } from './module-package.ts'

describeVifDriver({ name: 'module as an executable', openBed, skip: bedUnavailable() })

async function openBed(): Promise<DriverBed> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-module-'))
  const module = join(import.meta.dirname, '../example/driver.ts')
  const manifest = { name: 'host-bridge', version: '1.0.0', apiVersion: '1.0', pluginTypes: ['HOST_BRIDGE'] } as const
  writeModulePackage(folder, module, manifest)
  const lab = await createLab({ hosts: ['host-a'] })
  const host = lab.host('host-a')
  await host.exec(['ip', '-batch', '-'], { input: 'link add br0 type bridge forward_delay 0\nlink set br0 up\n' })
  return {
    hosts: [labBedHost(host, { path: folder, options: { bridge: 'br0' } })],
    newNic: madeUpNics('HOST_BRIDGE'),
    carries: carriesPing,
    async [Symbol.asyncDispose]() {
      await lab.down()
      rmSync(folder, { recursive: true })
    },
  }
}
