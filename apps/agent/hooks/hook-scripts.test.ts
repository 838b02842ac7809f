import assert from 'node:assert/strict'
import { chmod, mkdir, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { hookScripts, installedHooks } from './hook-scripts.ts'
import { createHookTestBed, sh } from './hook-test-bed.ts'

const namesOf = (paths: string[]) => paths.map((path) => basename(path))

test('scripts come in byte order: digits, capitals, underscore, small letters, the rest of Unicode', async (t) => {
  const { hooksRoot, install } = await createHookTestBed(t)
  const inOrder = ['10_ovn', '50_openstacknet', '9_late', 'Zeta', '_under', 'alpha.py', 'ovirt', '\uffee', '\u{1f50c}']
  for (const name of inOrder.toReversed()) await install('after_get_caps', name, sh())
  const scripts = await hookScripts(hooksRoot, 'after_get_caps')
  assert.deepEqual(namesOf(scripts), inOrder)
  assert.equal(scripts[0], join(hooksRoot, 'after_get_caps', '10_ovn'))
})

test('only executable regular files count, also behind a link', async (t) => {
  const { hooksRoot, install } = await createHookTestBed(t)
  const real = await install('somewhere', 'real', sh())
  await install('after_get_caps', 'plain.py', sh(), 0o644)
  await install('after_get_caps', '.hidden', sh())
  await mkdir(join(hooksRoot, 'after_get_caps/__pycache__'))
  await symlink(real, join(hooksRoot, 'after_get_caps/link'))
  await symlink('nowhere', join(hooksRoot, 'after_get_caps/dangling'))
  assert.deepEqual(namesOf(await hookScripts(hooksRoot, 'after_get_caps')), ['link'])
})

test('a script counts as soon as it is executable', async (t) => {
  const { hooksRoot, install } = await createHookTestBed(t)
  const path = await install('after_get_caps', 'late', sh(), 0o644)
  assert.deepEqual(await hookScripts(hooksRoot, 'after_get_caps'), [])
  await chmod(path, 0o755)
  assert.deepEqual(await hookScripts(hooksRoot, 'after_get_caps'), [path])
})

test('a hook point without a folder has no scripts', async (t) => {
  const { hooksRoot } = await createHookTestBed(t)
  assert.deepEqual(await hookScripts(hooksRoot, 'after_get_caps'), [])
})

test('a hook point cannot lead out of the hooks root', async () => {
  for (const point of ['/etc', '..', 'after_get_caps/../../bin']) {
    await assert.rejects(hookScripts('/hooks', point), /neither absolute nor with ".."/)
  }
})

test('capabilities list each folder with scripts, known hook point or not, with their checksums', async (t) => {
  const { hooksRoot, install } = await createHookTestBed(t)
  await install('before_nic_hotplug', '10_empty', '')
  await install('vifdriver', 'abc', 'abc')
  await install('after_get_stats', 'not-executable', sh(), 0o644)
  assert.deepEqual(await installedHooks(hooksRoot), {
    before_nic_hotplug: {
      '10_empty': { checksum: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    },
    vifdriver: { abc: { checksum: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } },
  })
  await rm(hooksRoot, { recursive: true })
  assert.deepEqual(await installedHooks(hooksRoot), {})
})
