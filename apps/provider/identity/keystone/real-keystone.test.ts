// The provider with the users of a real Keystone: its tokens, projects, roles and revocations.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startTestProvider } from '../../testing/test-provider.ts'
import { noKeystone, password, type RealKeystone, startKeystone } from '../testing/real-keystone.ts'
import type { KeystoneOptions } from './keystone-options.ts'

const service = { user: 'patchbay', password: 'its password', project: 'service', domain: 'Default', ca: undefined }

const noCommand =
  spawnSync('which', ['openstack']).status !== 0 &&
  'the command openstack is missing: apt-get install python3-openstackclient'

async function startWith(t: TestContext, keystone: RealKeystone, options: Partial<KeystoneOptions> = {}) {
  const provider = await startTestProvider(t, {
    identity: { keystone: { url: keystone.url, ...service, cacheMs: 0, ...options } },
  })
  const as = (token: string) => (method: string, path: string, body?: unknown) =>
    provider.send(method, path, body, { 'x-auth-token': token })
  return { ...provider, as }
}

test('a real Keystone is the source of users', { skip: noKeystone, timeout: 120_000 }, async (t) => {
  const keystone = await startKeystone(t)
  await keystone.addUser(service.user, service.password, 'service', ['service'])
  const blue = await keystone.addUser('ann', "ann's", 'blue', ['member'])
  await keystone.addUser('rob', "rob's", 'blue', ['reader'])
  await keystone.addUser('eve', "eve's", 'red', ['admin'])
  await keystone.addUser('tom', "tom's", 'blue', ['swift_operator'])
  const provider = await startWith(t, keystone)
  const network = { network: { name: 'n' } }

  await t.test('a member has its project, and what it makes belongs to that', async () => {
    const ann = provider.as(await keystone.logIn('ann', "ann's", 'blue'))
    const { status, body } = await ann('POST', '/networks', network)
    assert.deepEqual([status, body.network?.project_id], [201, blue])
    assert.equal((await ann('POST', '/networks', { network: { name: 'm', shared: true } })).status, 403)
  })

  await t.test('a reader sees, an administrator of another project sees all, a stranger nothing', async () => {
    const rob = provider.as(await keystone.logIn('rob', "rob's", 'blue'))
    assert.equal((await rob('GET', '/networks')).body.networks.length, 1)
    assert.equal((await rob('POST', '/networks', network)).status, 403)
    const eve = provider.as(await keystone.logIn('eve', "eve's", 'red'))
    assert.equal((await eve('GET', '/networks')).body.networks.length, 1)
    for (const scope of ['blue', undefined]) {
      const tom = provider.as(await keystone.logIn('tom', "tom's", scope))
      assert.equal((await tom('GET', '/networks')).status, 403)
    }
  })

  await t.test('a token that is unknown, altered or revoked is refused, and Keystone named', async () => {
    const token = await keystone.logIn('ann', "ann's", 'blue')
    const altered = token.slice(0, -8) + (token.at(-8) === 'A' ? 'B' : 'A') + token.slice(-7)
    assert.equal((await provider.as(token)('GET', '/networks')).status, 200)
    await keystone.revoke(token)
    for (const bad of [token, altered, 'gAAAAAB', 'x'.repeat(5000)]) {
      const { status, headers } = await provider.as(bad)('GET', '/networks')
      assert.equal(status, 401)
      assert.equal(headers.get('www-authenticate'), `Keystone uri="${keystone.url}"`)
    }
  })

  await t.test('the provider goes on after its own token was revoked', async () => {
    const ann = provider.as(await keystone.logIn('ann', "ann's", 'blue'))
    await keystone.endTokensOf(service.user)
    // For the rest of the second Keystone also takes new tokens for those that it has ended.
    for (const until = Date.now() + 5_000; Date.now() < until; await pause(200)) {
      const { status, body } = await ann('GET', '/networks')
      if (status === 200) return
      assert.match(body.NeutronError.message, /refuses the token that it gave the provider/)
    }
    assert.fail('it does not go on')
  })

  await t.test('the OpenStack command finds the provider in the catalog', { skip: noCommand }, async () => {
    await keystone.addEndpoint('identity', keystone.url)
    await keystone.addEndpoint('network', provider.url)
    const env = {
      PATH: process.env.PATH,
      HOME: provider.dataDir,
      OS_AUTH_URL: keystone.url,
      OS_IDENTITY_API_VERSION: '3',
      ...{ OS_USERNAME: 'admin', OS_PASSWORD: password, OS_USER_DOMAIN_NAME: 'Default' },
      ...{ OS_PROJECT_NAME: 'admin', OS_PROJECT_DOMAIN_NAME: 'Default' },
    }
    const args = ['network', 'create', '-f', 'value', '-c', 'name', '--project', 'blue', 'made-by-command']
    const { stdout } = await promisify(execFile)('openstack', args, { env, timeout: 60_000 })
    assert.equal(stdout.trim(), 'made-by-command')
    const ann = provider.as(await keystone.logIn('ann', "ann's", 'blue'))
    assert.equal((await ann('GET', '/networks?name=made-by-command')).body.networks[0]?.project_id, blue)
  })

  await t.test('a service user that may not look at tokens, or with a wrong password, is told', async (t) => {
    const ann = await keystone.logIn('ann', "ann's", 'blue')
    for (const [options, reason] of [
      [{ user: 'rob', password: "rob's", project: 'blue' }, /Give the provider's user role admin or service/],
      [{ password: 'wrong' }, /refused the provider's own login/],
      [{ project: 'nowhere' }, /refused the provider's own login/],
      [{ url: keystone.url.replace('/v3', '/wrong/v3') }, /Is --keystone-url that of its v3 API/],
    ] as const) {
      const { as } = await startWith(t, keystone, options)
      const { status, body } = await as(ann)('GET', '/networks')
      assert.deepEqual([status, body.NeutronError.type], [503, 'ServiceUnavailable'])
      assert.match(body.NeutronError.message, reason)
    }
  })
})
