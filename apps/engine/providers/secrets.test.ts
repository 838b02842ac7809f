// Passwords at rest, and the key they are sealed with.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createSecrets, readOrMakeSecretKey } from './secrets.ts'

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-secrets-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

test('a sealed text is opened with the same key, and is different each time', () => {
  const { seal, open } = createSecrets(randomBytes(32))
  for (const plain of ['p', 'pässwörd', '', 'x'.repeat(200)]) {
    assert.equal(open(seal(plain)), plain)
    assert.notEqual(seal(plain), seal(plain))
  }
})

test('another key, and every altered or cut text, is noticed', () => {
  const { seal, open } = createSecrets(randomBytes(32))
  const sealed = Buffer.from(seal('password'), 'base64')
  assert.throws(() => createSecrets(randomBytes(32)).open(sealed.toString('base64')))
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = altered[at]! ^ 1
    assert.throws(() => open(altered.toString('base64')), `byte ${at}`)
    assert.throws(() => open(sealed.subarray(0, at).toString('base64')), `cut at ${at}`)
  }
})

test('the key is made once, complete and only for its owner', (t) => {
  const path = join(folder(t), 'deeper', 'secret.key')
  const key = readOrMakeSecretKey(path)
  assert.equal(key.length, 32)
  assert.deepEqual(readOrMakeSecretKey(path), key)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(path, '..')), ['secret.key'])
})

test('a key file that holds something else is refused, not replaced', (t) => {
  const path = join(folder(t), 'secret.key')
  for (const content of ['', 'short', 'x'.repeat(33)]) {
    writeFileSync(path, content)
    assert.throws(() => readOrMakeSecretKey(path), /holds \d+ bytes, a key has 32/)
  }
})
