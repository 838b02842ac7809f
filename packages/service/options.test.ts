// Options from flags, environment and file: which one wins, and how mistakes are told.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ConfigurationError, optionHelp, parseAddress, readOptions } from './options.ts'

const spec = {
  listen: { type: 'address', default: '127.0.0.1:1', help: 'where it listens' },
  'data-dir': { type: 'text', help: 'folder of the state' },
  limit: { type: 'integer', default: 10, min: 5, max: 99, help: 'how many' },
  color: { type: 'choice', choices: ['red', 'blue'], default: 'red', help: 'which one' },
  open: { type: 'switch', help: 'lets everybody in' },
  bridges: { type: 'structure', help: 'names by network' },
} as const

const read = (argv: string[], env: Record<string, string> = {}) => readOptions('provider', spec, argv, env)

function file(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-options-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'provider.yaml')
  writeFileSync(path, content)
  return path
}

function mistakesOf(argv: string[], env?: Record<string, string>): string[] {
  try {
    return assert.fail(`taken as ${JSON.stringify(read(argv, env))}`)
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message.split('\n')
  }
}

test('what nobody says has its default, a switch is off, and the rest is not there', () => {
  assert.deepEqual(read([]), {
    listen: { host: '127.0.0.1', port: 1 },
    'data-dir': undefined,
    limit: 10,
    color: 'red',
    open: false,
    bridges: undefined,
  })
})

test('a flag wins over the environment, the environment over the file, the file over the default', (t) => {
  const path = file(t, 'limit: 20\ncolor: blue\n')
  const env = { PATCHBAY_PROVIDER_LIMIT: '30', PATCHBAY_PROVIDER_CONFIG: path }
  assert.equal(read(['--limit', '40'], env).limit, 40)
  assert.equal(read([], env).limit, 30)
  assert.equal(read(['--config', path]).limit, 20)
  assert.equal(read([]).limit, 10)
  assert.equal(read([], env).color, 'blue')
})

test('a flag that names another file wins over the variable', (t) => {
  const env = { PATCHBAY_PROVIDER_CONFIG: file(t, 'limit: 20') }
  assert.equal(read(['--config', file(t, 'limit: 21')], env).limit, 21)
})

test('every option is a flag, a variable and a key, with the same value', (t) => {
  const expected = {
    listen: { host: '::1', port: 2 },
    'data-dir': '/srv/data',
    limit: 50,
    color: 'blue',
    open: true,
    bridges: { red: 'br0' },
  }
  const flags = '--listen [::1]:2 --data-dir /srv/data --limit=50 --color blue --open --bridges'.split(' ')
  assert.deepEqual(read([...flags, '{red: br0}']), expected)
  const env = {
    LISTEN: '[::1]:2',
    DATA_DIR: '/srv/data',
    LIMIT: '50',
    COLOR: 'blue',
    OPEN: '1',
    BRIDGES: '{"red": "br0"}',
  }
  const variables = Object.entries(env).map(([name, value]) => [`PATCHBAY_PROVIDER_${name}`, value])
  assert.deepEqual(read([], Object.fromEntries(variables)), expected)
  const yaml = 'listen: "[::1]:2"\ndata-dir: /srv/data\nlimit: 50\ncolor: blue\nopen: true\nbridges:\n  red: br0\n'
  assert.deepEqual(read(['--config', file(t, yaml)]), expected)
})

test('another service has variables of its own', () => {
  assert.equal(readOptions('agent', spec, [], { PATCHBAY_PROVIDER_LIMIT: '30', PATCHBAY_AGENT_LIMIT: '31' }).limit, 31)
})

test('all mistakes are told at once, each with its place, the value and what it should be', (t) => {
  const path = file(t, 'limit: 100\nbogus: 1\nopen: maybe\n')
  const env = { PATCHBAY_PROVIDER_COLOR: 'green' }
  const mistakes = mistakesOf(['--listen', 'nowhere', '--config', path], env)
  assert.equal(mistakes.length, 5)
  for (const words of [
    ['--listen', '"nowhere"', 'host:port'],
    [path, 'bogus', 'known: listen, data-dir, limit, color, open, bridges'],
    ['limit in the configuration file', '100', 'a whole number from 5 to 99'],
    ['open in the configuration file', '"maybe"', 'true or false'],
    ['PATCHBAY_PROVIDER_COLOR', '"green"', 'one of red, blue'],
  ])
    assert.ok(
      mistakes.some((mistake) => words.every((word) => mistake.includes(word))),
      `${words} in ${mistakes.join('\n')}`,
    )
})

test('an unknown flag, a word without a flag and a flag without its value are mistakes', () => {
  assert.match(mistakesOf(['--bogus']).join(), /--bogus/)
  assert.match(mistakesOf(['serve-me']).join(), /serve-me/)
  assert.match(mistakesOf(['--limit']).join(), /--limit/)
  assert.match(mistakesOf(['--open=yes']).join(), /--open/)
})

test('a mistake in the flags does not hide the others', () => {
  const mistakes = mistakesOf(['--bogus', '--wrong', '--limit', '1'], { PATCHBAY_PROVIDER_COLOR: 'green' }).join('\n')
  for (const word of ['--bogus', '--wrong', '--limit', 'COLOR']) assert.ok(mistakes.includes(word), word)
})

test('a file that is not there, is no YAML or no mapping is a mistake that names the file', (t) => {
  const missing = join(tmpdir(), 'patchbay-no-such-file.yaml')
  for (const path of [missing, file(t, 'limit: [1'), file(t, '- limit'), file(t, 'limit')])
    assert.ok(mistakesOf(['--config', path])[0]!.startsWith(`${path}: `))
  assert.equal(read(['--config', file(t, '')]).limit, 10)
})

test('a value of the wrong kind is a mistake, wherever it is given', (t) => {
  for (const limit of ['4', '100', 'abc', '', ' ', '1e9', '7.5', '-7']) {
    mistakesOf([`--limit=${limit}`])
    mistakesOf([], { PATCHBAY_PROVIDER_LIMIT: limit })
  }
  for (const line of [
    'limit: true',
    'limit: [10]',
    'limit: null',
    'listen: 9696',
    'data-dir: {}',
    'open: 2',
    'color: 1',
  ])
    mistakesOf(['--config', file(t, line)])
  for (const open of ['yes', '', 'TRUE ', 'on']) mistakesOf([], { PATCHBAY_PROVIDER_OPEN: open })
  mistakesOf(['--bridges', '{a: ['])
})

test('a switch is on only by true or 1', () => {
  for (const [open, expected] of [
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const)
    assert.equal(read([], { PATCHBAY_PROVIDER_OPEN: open }).open, expected)
})

test('a switch is not turned on by the name of an object method', () => {
  for (const open of ['constructor', 'toString', '__proto__', 'valueOf'])
    mistakesOf([], { PATCHBAY_PROVIDER_OPEN: open })
})

test('an address is host:port, with brackets for IPv6, or :port for all addresses', () => {
  for (const [text, host, port] of [
    ['127.0.0.1:9696', '127.0.0.1', 9696],
    ['[::1]:9696', '::1', 9696],
    [':9696', '::', 9696],
    ['provider.example:0', 'provider.example', 0],
    ['localhost:65535', 'localhost', 65_535],
  ] as const)
    assert.deepEqual(parseAddress(text), { host, port })
  for (const text of ['', '9696', 'host', 'host:', '::1:9696', 'host:65536', 'host:-1', 'host:12x', 'host:1:2'])
    assert.equal(parseAddress(text), undefined, text)
})

test('the help names every option with its default and the variables', () => {
  const help = optionHelp('provider', spec)
  for (const name of ['config', ...Object.keys(spec)]) assert.match(help, new RegExp(`^ {2}--${name}\\b`, 'm'))
  assert.match(help, /--color red\|blue .*default "red"/)
  assert.match(help, /PATCHBAY_PROVIDER_LISTEN/)
})
