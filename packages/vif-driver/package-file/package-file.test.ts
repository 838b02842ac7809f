// Driver packages: what is signed can be opened, and nothing else.
import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { type ArchivedFile, readArchive, writeArchive } from './archive.ts'
import { fingerprint, openPackage, parseSigners } from './open-package.ts'
import { packDriver } from './pack-driver.ts'

const publisher = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const manifest = { name: 'acme', version: '1.2.0', apiVersion: '1.0', pluginTypes: ['ACME'] }

function driverFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-package-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'driver.json'), JSON.stringify({ ...manifest, exec: 'bin/run' }))
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin/run'), '#!/bin/sh\n', { mode: 0o755 })
  chmodSync(join(folder, 'bin/run'), 0o755)
  return folder
}

/** A package that was altered after it was signed. */
async function altered(bytes: Buffer, change: (files: ArchivedFile[]) => ArchivedFile[]): Promise<Buffer> {
  return writeArchive(change(await readArchive(bytes)))
}

test('a packed driver is opened with the key of its publisher, with all that was in its folder', async (t) => {
  const { bytes } = await packDriver(driverFolder(t), publisher.privateKey)
  const opened = await openPackage(bytes, [stranger.publicKey, publisher.publicKey])
  assert.deepEqual(opened.manifest, manifest)
  assert.equal(opened.signer, fingerprint(publisher.publicKey))
  assert.deepEqual(
    opened.files.map(({ path, executable }) => [path, executable]),
    [
      ['bin/run', true],
      ['driver.json', false],
    ],
  )
})

test('the same folder makes the same package', async (t) => {
  const folder = driverFolder(t)
  const [one, other] = [await packDriver(folder, publisher.privateKey), await packDriver(folder, publisher.privateKey)]
  assert.ok(one.bytes.equals(other.bytes))
})

test('what nobody who is trusted has signed is refused', async (t) => {
  const { bytes } = await packDriver(driverFolder(t), publisher.privateKey)
  for (const signers of [[], [stranger.publicKey]])
    await assert.rejects(openPackage(bytes, signers), /no publisher that is trusted here has signed it/)
})

test('what was altered after it was signed is refused, and the file is named', async (t) => {
  const { bytes } = await packDriver(driverFolder(t), publisher.privateKey)
  const with_ = (path: string, change: Partial<ArchivedFile>) => (files: ArchivedFile[]) =>
    files.map((file) => (file.path === path ? { ...file, ...change } : file))
  const extra = { path: 'driver/extra', content: Buffer.from(''), executable: false }
  const cases: [what: (files: ArchivedFile[]) => ArchivedFile[], message: RegExp][] = [
    [with_('driver/bin/run', { content: Buffer.from('#!/bin/evil\n') }), /bin\/run was changed after/],
    [with_('driver/driver.json', { executable: true }), /driver\.json was changed after/],
    [with_('contents.json', { content: Buffer.from('{"format":1,"files":[]}') }), /no publisher that is trusted/],
    [with_('driver/bin/run', { path: 'driver/bin/walk' }), /bin\/walk is not in its list/],
    [(files) => [...files, extra], /extra is not in its list/],
    [(files) => [...files, files.at(-1)!], /is not in its list of contents, or is there twice/],
    [(files) => files.slice(0, -1), /driver\.json is missing/],
    [(files) => files.slice(1), /must begin with contents\.json/],
    [(files) => [...files, { ...extra, path: 'elsewhere' }], /elsewhere does not belong into/],
  ]
  for (const [change, message] of cases)
    await assert.rejects(openPackage(await altered(bytes, change), [publisher.publicKey]), message)
})

test('what is no archive, or an archive of something else, is refused', async () => {
  const tar = async (header: { name: string; type?: 'symlink'; linkname?: string }) => {
    const archive = pack()
    archive.entry(header, header.type ? '' : 'x')
    archive.finalize()
    return gzipSync(await buffer(archive))
  }
  const cases: [bytes: Buffer, message: RegExp][] = [
    [Buffer.from('garbage'), /not gzipped/],
    [gzipSync('garbage'), /./],
    [gzipSync(Buffer.alloc(129 * 1024 * 1024)), /longer than/],
    [await tar({ name: '../etc/passwd' }), /not the path of a file below its root/],
    [await tar({ name: '/etc/passwd' }), /not the path of a file below its root/],
    [await tar({ name: 'link', type: 'symlink', linkname: '/etc/passwd' }), /link" is a symlink/],
  ]
  for (const [bytes, message] of cases) await assert.rejects(openPackage(bytes, [publisher.publicKey]), message)
})

test('a signed list of another format is not guessed at', async () => {
  const contents = Buffer.from('{"format":2}')
  const bytes = await writeArchive([
    { path: 'contents.json', content: contents, executable: false },
    { path: 'contents.sig', content: sign(null, contents, publisher.privateKey), executable: false },
  ])
  await assert.rejects(openPackage(bytes, [publisher.publicKey]), /its format is 2, and this version reads format 1/)
})

test('a folder that is no driver, links out of it, and keys of other kinds are refused', async (t) => {
  const folder = driverFolder(t)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await assert.rejects(packDriver(folder, rsa.privateKey), /the key is rsa, not ed25519/)
  await assert.rejects(packDriver(join(folder, 'bin'), publisher.privateKey), /driver\.json/)
  symlinkSync('/nowhere', join(folder, 'broken'))
  await assert.rejects(packDriver(folder, createPrivateKey(pemOf(publisher.privateKey))), /broken/)
})

const pemOf = (key: typeof publisher.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }) as string

test('signers are read from a PEM text with several keys', () => {
  const pem = [publisher, stranger].map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' })).join('\n')
  assert.deepEqual(
    parseSigners(pem).map(fingerprint),
    [publisher, stranger].map(({ publicKey }) => fingerprint(publicKey)),
  )
  assert.throws(() => parseSigners('nothing'), /there is no PUBLIC KEY/)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
  assert.throws(() => parseSigners(rsa as string), /a key is rsa, not ed25519/)
})
