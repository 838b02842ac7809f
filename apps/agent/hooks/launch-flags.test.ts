import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readLaunchFlags, removeLaunchFlags, writeLaunchFlags } from './launch-flags.ts'

async function createRunDir(t: TestContext) {
  const runDir = await mkdtemp(join(tmpdir(), 'patchbay-run-'))
  t.after(() => rm(runDir, { recursive: true }))
  return runDir
}

test('launch flags are a decimal number in a file of the VM', async (t) => {
  const runDir = await createRunDir(t)
  await writeLaunchFlags('vm1', 1, runDir)
  assert.equal(await readFile(join(runDir, 'vm1/launchflags'), 'utf8'), '1')
  assert.equal(await readLaunchFlags('vm1', runDir), 1)
  await writeLaunchFlags('vm1', 0, runDir)
  assert.equal(await readLaunchFlags('vm1', runDir), 0)
})

test('a VM without launch flags starts running', async (t) => {
  assert.equal(await readLaunchFlags('vm1', await createRunDir(t)), 0)
})

test('removing launch flags leaves the folder of the VM, and may be repeated', async (t) => {
  const runDir = await createRunDir(t)
  await writeLaunchFlags('vm1', 1, runDir)
  await removeLaunchFlags('vm1', runDir)
  await removeLaunchFlags('vm1', runDir)
  assert.deepEqual(await readdir(join(runDir, 'vm1')), [])
})

test('only the first line counts, and it must be a number', async (t) => {
  const runDir = await createRunDir(t)
  await writeLaunchFlags('vm1', 0, runDir)
  await writeFile(join(runDir, 'vm1/launchflags'), ' 1\nwritten by a hook\n')
  assert.equal(await readLaunchFlags('vm1', runDir), 1)
  await writeFile(join(runDir, 'vm1/launchflags'), 'paused')
  await assert.rejects(readLaunchFlags('vm1', runDir), /launchflags must begin with .* not with "paused"$/)
})

test('a VM id cannot lead out of the run folder', async () => {
  await assert.rejects(writeLaunchFlags('../vm1', 1, '/nowhere'), /"..\/vm1" is not a VM id/)
})
