// docs/cli.md names the commands that there are, and no others.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')
const script = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), 'completion', 'bash'], {
  encoding: 'utf8',
  timeout: 30_000,
}).stdout

test('every noun of the table has the verbs that it is said to have', () => {
  const documented = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, noun, verbs]) => [
    noun,
    [...verbs!.matchAll(/`([\w-]+)`/g)].map(([, verb]) => verb).sort(),
  ])
  const offered = documented.map(([noun]) => {
    const [, verbs = ''] = new RegExp(`'${noun}'\\) offered='([^']*)'`).exec(script) ?? []
    return [noun, verbs.split(' ').sort()]
  })
  assert.ok(documented.length > 8)
  assert.deepEqual(documented, offered)
})

test('every noun is in the table or named below it', () => {
  const [, nouns = ''] = /'' *\) offered='([^']*)'/.exec(script) ?? []
  for (const noun of nouns.split(' ')) assert.match(page, new RegExp(`\`${noun}\\b`), noun)
})
