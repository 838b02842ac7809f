// What the shell offers, asked of the shell itself.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const main = join(import.meta.dirname, '../main.ts')
const script = spawnSync(process.execPath, [main, 'completion', 'bash'], { encoding: 'utf8', timeout: 30_000 }).stdout

/** What Tab offers behind these words; the last one is begun. */
function offered(...words: string[]): string[] {
  const line = ['patchbay', ...words]
  const ask = `COMP_WORDS=(${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length - 1}
    _patchbay; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8', timeout: 30_000 })
  assert.equal(stderr, '')
  return stdout.split('\n').filter((word) => word !== '')
}

test('nouns, verbs and flags are offered', () => {
  assert.deepEqual(offered('pro'), ['provider', 'profile'])
  assert.ok(offered('nic', '').includes('unplug'))
  assert.deepEqual(offered('nic', 'pl'), ['plug'])
  assert.ok(offered('nic', 'add', '--p').includes('--profile'))
  assert.ok(offered('nic', 'add', 'web', 'nic1', '--m').includes('--mac'))
  assert.deepEqual(offered('nonsense', ''), [])
})
