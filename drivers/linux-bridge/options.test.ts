import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { optionNames, parseOptions, providerOptionNames } from './options.ts'

const least = { underlay: 'eth1', provider: { url: 'http://sdn:9696' } }

test('underlay and URL are enough', () => {
  assert.deepEqual(parseOptions(least), {
    underlay: 'eth1',
    vxlanPort: 4789,
    group: '239.77.0.1',
    peers: [],
    refreshMs: 60_000,
    bindingHostId: undefined,
    pluginTypes: ['LINUX_BRIDGE'],
    provider: {
      url: 'http://sdn:9696',
      authUrl: undefined,
      username: '',
      password: '',
      ca: undefined,
      timeoutMs: 10_000,
    },
  })
})

test('the password is the content of its file without the line end', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-options-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'password')
  writeFileSync(file, ' two words \n')
  const provider = { ...least.provider, 'password-file': file }
  assert.equal(parseOptions({ ...least, provider }).provider.password, ' two words ')
})

const mistakes: [unknown, RegExp][] = [
  [undefined, /options must be a mapping/],
  [['underlay'], /options must be a mapping/],
  [{ provider: least.provider }, /underlay must be given/],
  [{ ...least, underlay: 7 }, /underlay must be a text/],
  [{ ...least, provider: undefined }, /options\.provider must be a mapping/],
  [{ ...least, provider: {} }, /url must be given/],
  [{ ...least, peers: '192.0.2.2' }, /peers must be a list of texts/],
  [{ ...least, 'vxlan-port': 65_536 }, /vxlan-port must be a UDP port/],
  [{ ...least, 'vxlan-port': '4789' }, /vxlan-port must be a UDP port/],
  [{ ...least, refresh: -1 }, /refresh must be a number of seconds$/],
  [{ ...least, peer: [] }, /no option peer, only underlay, vxlan-port, group, peers/],
  [{ ...least, provider: { ...least.provider, timeout: 0 } }, /timeout must be a number of seconds/],
  [{ ...least, provider: { ...least.provider, password: 'secret' } }, /no option password, only url/],
  [{ ...least, provider: { ...least.provider, 'password-file': '/nonexistent' } }, /\/nonexistent/],
]

test('a mistake is named by its key, and a password is not repeated', () => {
  for (const [given, message] of mistakes) {
    assert.throws(() => parseOptions(given), message)
    assert.throws(
      () => parseOptions(given),
      ({ message: told }: Error) => !told.includes('secret'),
    )
  }
})

test('the README lists every option, and no other', () => {
  const page = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, name]) => name)
  const providers = providerOptionNames.map((name) => `provider.${name}`)
  assert.deepEqual(rows, [...optionNames.filter((name) => name !== 'provider'), ...providers])
})
