// `patchbay provider check` as people run it: options, formats, exit codes, and Ctrl-C in the middle.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startFaultyProxy } from '../../../packages/provider-conformance/testing/faulty-proxy.ts'
import { startTestProvider } from '../../provider/testing/test-provider.ts'

const main = join(import.meta.dirname, '../main.ts')

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, [main, 'provider', 'check', ...args])
  t.after(() => child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return { child, ended }
}

const run = (t: TestContext, ...args: string[]) => start(t, args).ended

test('--help names every option and the exit codes', async (t) => {
  const { code, out } = await run(t, '--help')
  assert.equal(code, 0)
  for (const flag of 'auth-url user password-file tenant domain ca timeout read-only group network-type physical-network vlan-id format output list'.split(
    ' ',
  ))
    assert.ok(out.includes(`--${flag}`), flag)
  assert.match(out, /Exit code: 0 .*1 .*2 .*130/)
})

test('--list shows the cases of the groups asked for, and needs no URL', async (t) => {
  const { code, out } = await run(t, '--list', '--group', 'routers', '--group', 'identity')
  assert.equal(code, 0)
  assert.match(out, /identity\/v2-login .*\[recommended, read-only\]/)
  assert.ok(out.includes('routers/life') && !out.includes('engine/'))
})

test('a provider that holds everything is exit code 0, with a login and a JSON report in a file', async (t) => {
  const administrator = { name: 'admin', password: 'secret' }
  const { url, identityUrl, dataDir } = await startTestProvider(t, { administrator })
  const [password, output] = [join(dataDir, 'password'), join(dataDir, 'report.json')]
  writeFileSync(password, 'secret\n')
  const login = ['--auth-url', identityUrl!, '--username', 'admin', '--password-file', password, '--tenant', 'admin']
  const groups = ['--group', 'identity', '--group', 'networks']
  const { code, out, err } = await run(t, url, ...login, ...groups, '--format', 'json', '--output', output)
  assert.deepEqual([code, out, err], [0, '', ''])
  const report = JSON.parse(readFileSync(output, 'utf8'))
  assert.equal(report.holds, true)
  assert.deepEqual(Object.keys(report.counts), ['passed', 'failed', 'skipped'])
})

test('something required that fails is exit code 1, and the text ends with the numbers', async (t) => {
  const { url } = await startTestProvider(t)
  const proxy = await startFaultyProxy(t, url, {
    answer: (answer, { path }) => (path === '/v2.0/' ? { ...answer, text: 'OK' } : answer),
  })
  const { code, out } = await run(t, proxy.url, '--group', 'engine', '--read-only')
  assert.equal(code, 1)
  assert.match(out, /✗ engine\/test-connectivity/)
  assert.match(out, /\d+ passed, 1 failed, \d+ skipped\n$/)
})

test('a command line that cannot be used is exit code 2 and says why', async (t) => {
  for (const [args, said] of [
    [[], /the URL of the provider is missing/],
    [['http://h:1', '--group', 'bogus'], /Allowed choices are engine, feature/],
    [['http://h:1', '--timeout', 'soon'], /whole number/],
    [['http://h:1', '--bogus'], /unknown option '--bogus'/],
    [['http://h:1', '--user', 'admin'], /--auth-url, --user and --password-file belong together/],
    [['http://h:1', '--ca', '/nowhere'], /--ca: .*no such file/],
    [['http://127.0.0.1:1'], /refused the connection/],
  ] as const) {
    const { code, out, err } = await run(t, ...args)
    assert.deepEqual([code, out], [2, ''], err)
    assert.match(err, said)
  }
})

test('Ctrl-C ends the run, removes what it made and says so', async (t) => {
  const { url, send } = await startTestProvider(t)
  const writes = Promise.withResolvers<void>()
  const interrupted = Promise.withResolvers<void>()
  const proxy = await startFaultyProxy(t, url, {
    async answer(answer, { method, path }) {
      if (method === 'POST' && path.endsWith('/ports')) {
        writes.resolve()
        await interrupted.promise
      }
      return answer
    },
  })
  const { child, ended } = start(t, [proxy.url])
  await writes.promise
  // The answer comes when the run is being ended.
  child.stderr.once('data', () => interrupted.resolve())
  child.kill('SIGINT')
  const { code, out, err } = await ended
  assert.equal(code, 130)
  assert.match(err, /interrupted: removing what was made/)
  assert.match(out, /did not come to its end: interrupted/)
  for (const plural of ['networks', 'subnets', 'ports'])
    assert.deepEqual((await send('GET', `/${plural}`)).body, { [plural]: [] })
})
