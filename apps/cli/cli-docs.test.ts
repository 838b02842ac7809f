// docs/cli.md names the commands that there are, and no others.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { createProgram } from './program.ts'

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

test('every command that a page shows is there, with its flags', () => {
  const root = join(import.meta.dirname, '../..')
  const pages = globSync(['README.md', 'docs/**/*.md', 'apps/*/README.md', 'drivers/*/README.md'], { cwd: root })
  const shown = pages.flatMap((name) =>
    commandLines(readFileSync(join(root, name), 'utf8')).map((line) => `${name}: ${line}`),
  )
  assert.ok(shown.length > 30, `${shown.length} commands`)
  for (const each of shown) {
    const { command, rest } = commandOf(each.slice(each.indexOf('patchbay ') + 'patchbay '.length).split(/\s+/))
    assert.ok(command.commands.length === 0, `${each}: there is no such command`)
    if ((command as unknown as { _allowUnknownOption: boolean })._allowUnknownOption) continue
    const known = ['--help', ...command.options.flatMap(({ long, short }) => [long, short])]
    for (const word of rest.filter((word) => /^--?\w/.test(word))) assert.ok(known.includes(word), `${each}: ${word}`)
  }
})

/** What stands in the page's blocks, each whole command a line, without comments and what is in quotes. */
function commandLines(page: string): string[] {
  const blocks = [...page.matchAll(/^```(.*?)\n(.*?)^```$/gms)].filter(([, language]) => /^(sh)?$/.test(language!))
  return blocks
    .flatMap(([, , text]) => text!.replace(/\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/'[^']*'/g, 'x').replace(/\s+[#&].*$/, ''))
    .flatMap((line) => /^(?:npx )?patchbay \S.*/.exec(line) ?? [])
}

function commandOf(words: readonly string[]): { command: Command; rest: readonly string[] } {
  let command = createProgram()
  for (const [at, word] of words.entries()) {
    const next = command.commands.find((each) => each.name() === word)
    if (!next) return { command, rest: words.slice(at) }
    command = next
  }
  return { command, rest: [] }
}
