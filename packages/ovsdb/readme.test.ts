import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { noOvsdbServer, startOvsdbServer } from './testing/ovsdb-server.ts'

test('the example of the README does what it says', { skip: noOvsdbServer }, async (t) => {
  const server = await startOvsdbServer(t)
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync(new URL('README.md', import.meta.url), 'utf8'))!
  const file = join(server.folder, 'example.ts')
  const code = example!
    .replaceAll('@patchbay/ovsdb/', new URL('.', import.meta.url).href)
    .replace(/remotes: \[.*?\]/, `remotes: ['${server.remote}']`)
  writeFileSync(file, code)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 })
  assert.deepEqual([stdout, stderr], ['true red\n', ''])
})
