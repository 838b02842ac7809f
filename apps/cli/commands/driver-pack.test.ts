// A driver becomes a package, and the package shows what it is to whoever trusts its publisher.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

const root = join(import.meta.dirname, '../../..')

function bed(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-pack-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const name of ['acme', 'stranger']) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    writeFileSync(join(dir, `${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(join(dir, `${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }))
  }
  return (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'apps/cli/main.ts'), 'driver', ...args], {
      cwd: dir,
      encoding: 'utf8',
      timeout: 60_000,
    })
}

test('the driver in shell is packed and shown', (t) => {
  const driver = bed(t)
  const packed = driver('pack', join(root, 'examples/driver-in-shell'), '--key', 'acme.key')
  assert.match(packed.stdout, /^host-bridge-sh-1\.0\.0\.driver: host-bridge-sh 1\.0\.0, \d+ bytes\n$/, packed.stderr)
  const shown = driver('show', 'host-bridge-sh-1.0.0.driver', '--signers', 'acme.pub')
  assert.match(shown.stdout, /^host-bridge-sh 1\.0\.0, for HOST_BRIDGE_SH\ndigest [0-9a-f]{64}\nsigned by SHA256:/)
  assert.match(shown.stdout, / driver\.sh\n/)
})

test('a package of somebody else, and a folder without a driver, are refused', (t) => {
  const driver = bed(t)
  driver('pack', join(root, 'examples/driver-in-shell'), '--key', 'stranger.key', '-o', 'p.driver')
  const shown = driver('show', 'p.driver', '--signers', 'acme.pub')
  assert.equal(shown.status, 1)
  assert.match(shown.stderr, /^error: no publisher that is trusted here has signed it\n/)
  const packed = driver('pack', '.', '--key', 'acme.key')
  assert.equal(packed.status, 1)
  assert.match(packed.stderr, /^error: driver\.json is not there/)
})

test('a file that is no private key is named', (t) => {
  const { status, stderr } = bed(t)('pack', join(root, 'examples/driver-in-shell'), '--key', 'acme.pub')
  assert.equal(status, 1)
  assert.equal(
    stderr,
    'error: acme.pub has no private key in PEM without a passphrase: openssl genpkey -algorithm ed25519\n',
  )
})
