// Engine and provider as processes, with the engine's users on both: as an oVirt engine and ovirt-provider-ovn are set up.
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { clientOf } from '../apps/engine/testing/test-engine.ts'
import { until } from '../lab/until.ts'
import { checkProvider } from '../packages/provider-conformance/check-provider.ts'
import { failed } from '../packages/provider-conformance/report.ts'

const [password, secret] = ['the password of admin', 'the secret between provider and SSO']
const boundMs = 60_000
const noCommand =
  spawnSync('which', ['openstack']).status !== 0 &&
  'the command openstack is missing: apt-get install python3-openstackclient'

/** A service as a process, with all that it has said. */
async function serve(t: TestContext, app: 'engine' | 'provider', options: Record<string, string>) {
  const argv = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const main = resolve(import.meta.dirname, `../apps/${app}/main.ts`)
  const child = spawn(process.execPath, [main, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATCHBAY_LOG_LEVEL: 'trace' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  t.after(() => end(child, 'SIGKILL'))
  const isUp = await until(() => said.includes('"msg":"ready"') || child.exitCode !== null, boundMs)
  assert.ok(isUp && child.exitCode === null, said)
  const urls = [...said.matchAll(/Server listening at (http:[^"]+)/g)].map(([, url]) => url!)
  return { urls, said: () => said, end: (signal: NodeJS.Signals) => end(child, signal) }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'close', { signal: AbortSignal.timeout(boundMs) })
  child.kill(signal)
  await ended
}

function fileWith(folder: string, name: string, content: string): string {
  writeFileSync(join(folder, name), content, { mode: 0o600 })
  return join(folder, name)
}

test("the engine's users are the provider's, and a killed engine lets nobody in until it is back", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-ovirt-users-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const secretFile = fileWith(folder, 'secret', secret)
  const startEngine = (listen: string) =>
    serve(t, 'engine', {
      listen,
      database: `sqlite:${join(folder, 'engine.sqlite')}`,
      'password-file': fileWith(folder, 'password', password),
      'sso-client-secret-file': secretFile,
    })
  const engine = await startEngine('127.0.0.1:0')
  const [engineUrl] = engine.urls as [string]
  const provider = await serve(t, 'provider', {
    listen: '127.0.0.1:0',
    'identity-listen': '127.0.0.1:0',
    'data-dir': folder,
    identity: 'ovirt',
    'ovirt-url': `${engineUrl}/ovirt-engine`,
    'ovirt-client-secret-file': secretFile,
    'ovirt-cache': '0',
  })
  const [identityUrl, networkingUrl] = provider.urls as [string, string]
  const authorization = `Basic ${Buffer.from(`admin@internal:${password}`).toString('base64')}`
  const { send } = clientOf(engineUrl)
  const ask = async (method: string, path: string, body?: object) => {
    const { status, text, body: answer } = await send(method, path, body, { authorization })
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
    return answer
  }
  const logIn = async () => {
    const passwordCredentials = { username: 'admin@internal', password }
    const response = await fetch(`${identityUrl}/v2.0/tokens`, {
      method: 'POST',
      body: JSON.stringify({ auth: { passwordCredentials } }),
    })
    return ((await response.json()) as any).access.token.id as string
  }
  const list = async (token: string) =>
    (await fetch(`${networkingUrl}/v2.0/networks`, { headers: { 'x-auth-token': token } })).status

  const { id } = await ask('POST', '/openstacknetworkproviders', {
    name: 'sdn',
    type: 'external',
    url: networkingUrl,
    requires_authentication: 'true',
    username: 'admin@internal',
    password,
    authentication_url: `${identityUrl}/v2.0/`,
  })
  await ask('POST', `/openstacknetworkproviders/${id}/testconnectivity`)
  assert.deepEqual(await ask('GET', `/openstacknetworkproviders/${id}/networks`), {})

  await t.test('the conformance kit finds nothing that a real engine would miss', async () => {
    for (const version of ['v2.0', 'v3']) {
      const authUrl = `${identityUrl}/${version}`
      const credentials = { authUrl, username: 'admin@internal', password, tenant: 'admin', domain: 'Default' }
      const report = await checkProvider({ url: networkingUrl, credentials, groups: ['engine', 'identity'] })
      assert.deepEqual([failed(report, 'required'), failed(report, 'recommended'), report.stopped], [[], [], undefined])
    }
  })

  await t.test('the OpenStack command logs in as a user of the engine', { skip: noCommand }, async () => {
    const env = {
      ...{ PATH: process.env.PATH, HOME: folder, OS_IDENTITY_API_VERSION: '3', OS_AUTH_URL: `${identityUrl}/v3` },
      ...{ OS_USERNAME: 'admin@internal', OS_PASSWORD: password, OS_USER_DOMAIN_NAME: 'Default' },
      ...{ OS_PROJECT_NAME: 'admin', OS_PROJECT_DOMAIN_NAME: 'Default' },
    }
    const args = ['network', 'create', '-f', 'value', '-c', 'name', 'made-by-command']
    const { stdout } = await promisify(execFile)('openstack', args, { env, timeout: 60_000 })
    assert.equal(stdout.trim(), 'made-by-command')
  })

  const token = await logIn()
  assert.equal(await list(token), 200)
  await engine.end('SIGKILL')
  assert.equal(await list(token), 503)
  const again = await startEngine(new URL(engineUrl).host)
  assert.equal(await list(token), 401, 'sessions end with the engine')
  assert.equal(await list(await logIn()), 200)
  await ask('POST', `/openstacknetworkproviders/${id}/testconnectivity`)

  for (const service of [engine, provider, again]) {
    await service.end('SIGTERM')
    for (const hidden of [password, secret, token, authorization.slice('Basic '.length)])
      assert.ok(!service.said().includes(hidden), `said: ${hidden}`)
  }
})
