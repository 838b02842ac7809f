// Driver packages for tests, and hosts with the agent's part in their deployment.
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { packDriver } from '@patchbay/vif-driver/package-file/pack-driver.ts'
import { driverVerbs } from '../../agent/api/driver-verbs.ts'
import { createDriverPackages } from '../../agent/driver-packages/driver-packages.ts'
import { createRegistry } from '../../agent/drivers/driver-registry.ts'
import { startTestHost, type TestHost } from './test-host.ts'

const publisher = generateKeyPairSync('ed25519')
export const stranger = generateKeyPairSync('ed25519')
/** Whom the engine trusts: the publisher alone. */
export const driverSigners = publisher.publicKey.export({ type: 'spki', format: 'pem' }) as string

function scratchDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-deployment-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A package of a driver that does nothing; `starts`: not even that. */
export async function packTestDriver(
  t: TestContext,
  version: string,
  { type = 'ACME', key = publisher.privateKey, starts = true } = {},
) {
  const folder = scratchDir(t)
  const manifest = { name: 'acme', version, apiVersion: '1.0', pluginTypes: [type], exec: 'run' }
  writeFileSync(join(folder, 'driver.json'), JSON.stringify(manifest))
  const answer = '{"apiVersions":["1.0"],"verbs":["plug_device","unplug_device"]}'
  writeFileSync(join(folder, 'run'), `#!/bin/sh\ncat >/dev/null\n${starts ? `echo '${answer}'` : 'exit 3'}\n`, {
    mode: 0o755,
  })
  return (await packDriver(folder, key)).bytes
}

/** A host with the agent's part in it. `isAsked`: called when it is asked what it can do. */
export async function startDriverHost(t: TestContext, isAsked = () => {}): Promise<TestHost> {
  const dir = scratchDir(t)
  const packages = createDriverPackages({
    dir: join(dir, 'packages'),
    registry: createRegistry(),
    signers: undefined,
    hostFor(name) {
      mkdirSync(join(dir, name), { recursive: true })
      return { hostName: 'h', stateDir: join(dir, name), log: { info() {}, warn() {} } }
    },
    isUsed: () => false,
    log: { error() {}, info() {} },
  })
  return startTestHost(t, [], {
    ...driverVerbs(packages),
    'Host.getCapabilities': async () => {
      isAsked()
      return {
        openstack_binding_host_ids: Object.fromEntries(packages.report().map(({ version }) => ['ACME', version])),
        driverPackages: packages.report(),
      }
    },
  })
}
