// The commands as somebody types them, against an engine with a provider and two hosts.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestEngine, type TestEngine } from '../../engine/testing/test-engine.ts'
import { startTestHost, type TestHost } from '../../engine/testing/test-host.ts'
import { startTestProvider, type TestProvider } from '../../provider/testing/test-provider.ts'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const main = join(import.meta.dirname, '../main.ts')
const timeout = 60_000

let engine: TestEngine
let provider: TestProvider
let hosts: TestHost[]
let passwordFile: string

/** Words are split at blanks. */
function patchbay(line: string, env: Record<string, string> = {}): Promise<Outcome> {
  const options = {
    timeout,
    env: {
      PATH: process.env.PATH,
      PATCHBAY_ENGINE_URL: engine.url,
      PATCHBAY_ENGINE_PASSWORD_FILE: passwordFile,
      ...env,
    },
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...line.split(' ')], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    )
  })
}

async function done(line: string): Promise<string> {
  const { code, stdout, stderr } = await patchbay(line)
  assert.equal(code, 0, `${line}: ${stdout}${stderr}`)
  return stdout.trimEnd()
}

async function refused(line: string, env?: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await patchbay(line, env)
  assert.equal(code, 1, `${line}: ${stdout}${stderr}`)
  return stderr.split('\n')[0]!
}

// One engine for all: each test begins where the one before ended, as somebody at a terminal does.
const stack = new AsyncDisposableStack()
const context = { after: (end: () => Promise<void>) => stack.defer(end) } as never

before(async () => {
  engine = await startTestEngine(context, { administrator: { name: 'admin@internal', password: 'secret' } })
  provider = await startTestProvider(context)
  const first = await startTestHost(context)
  first.answer('Host.getCapabilities', async () => ({
    openstack_binding_host_ids: { TEST: 'h0' },
    vifDrivers: [{ name: 'test', version: '1.0', pluginTypes: ['TEST'] }],
    vif_driver_features: { TEST: { network_types: ['vxlan'], features: ['dhcp', 'ipv6'] } },
  }))
  hosts = [first, await startTestHost(context, [first])]
  passwordFile = join(engine.dataDir, 'password')
  writeFileSync(passwordFile, 'secret\n')
  await provider.send('POST', '/networks', { network: { name: 'blue' } })
})
after(() => stack.disposeAsync())

test('where VMs run', async () => {
  await done('datacenter add dc')
  await done('cluster add c --data-center dc')
  for (const [n, { port }] of hosts.entries())
    assert.match(await done(`host add h${n} 127.0.0.1 --cluster c --port ${port}`), /^host h\d was added/)
  const isUp = async () => !/connecting/.test(await done('host list'))
  assert.ok(await until(isUp, 20_000, 200))
  assert.match(await done('host list'), /^NAME {2}ADDRESS +CLUSTER +STATUS +DETAIL\nh0 +127\.0\.0\.1:\d+ +c +up/)
  assert.match(
    await done('host drivers h0'),
    /^DRIVER +VERSION +SERVES +NETWORKS +CAN +PACKAGE +DETAIL\ntest +1\.0 +TEST +vxlan +dhcp ipv6$/,
  )
  assert.match(await done('cluster list'), /^c +dc +legacy$/m)
})

test('a provider, its network and a subnet', async () => {
  await done(`provider add sdn --url ${provider.url} --plugin-type TEST --read-only false`)
  assert.equal(await done('provider test sdn'), 'provider sdn can be used')
  assert.match(await done('provider list'), /^sdn +external +http\S+ +TEST +false/m)
  assert.match(await done('provider edit sdn --description mine'), /was changed/)
  assert.match(await done('provider show sdn'), /^description +mine$/m)
  assert.match(await done('provider networks sdn'), /^blue +[0-9a-f-]{36}$/m)
  await done('subnet add sdn blue blue-v4 --cidr 10.0.0.0/24 --dns 10.0.0.2')
  assert.match(await done('subnet list sdn blue'), /^blue-v4 +10\.0\.0\.0\/24 +10\.0\.0\.1 +10\.0\.0\.2/m)
  await done('network import sdn blue --data-center dc --cluster c')
  assert.match(await done('network list'), /^blue +dc +sdn/m)
  await done('profile add blue web --property SecurityGroups=')
  assert.match(await done('profile list'), /^web +blue +SecurityGroups=$/m)
})

test('a VM with a vNIC that comes, goes and moves', async () => {
  await done('vm add web --cluster c --memory 256')
  assert.match(await done('nic add web nic1 --profile blue'), /^vNIC nic1 was added to web: ([0-9a-f]{2}:){5}/)
  assert.equal(await done('vm start web --host h1'), 'VM web is up on h1')
  await done('nic add web nic2 --profile blue')
  assert.equal(await done('nic unplug web nic2'), 'vNIC nic2 of web is unplugged')
  const nics = JSON.parse(await done('nic list web --json'))
  assert.deepEqual(
    nics.map(({ name, plugged }: any) => [name, plugged]),
    [
      ['nic1', 'true'],
      ['nic2', 'false'],
    ],
  )
  const diagnosis = await done('nic diagnose web nic2')
  assert.match(diagnosis, /^✖ vNIC +nic2 is not plugged$/m)
  assert.match(diagnosis, /\n\nThe vNIC is what is broken\. Plug it/)
  assert.equal(await done('vm migrate web --host h0'), 'VM web is up on h0')
  await done('nic remove web nic2')
  assert.match(await done('vm list'), /^web +up +h0 +c/m)
  assert.equal(await done('vm stop web'), 'VM web is down')
  assert.match(await done('event list --max 3'), /^TIME +SEVERITY +EVENT\n(.*logged in\.\n)?.*VM web was stopped/)
  await done('vm remove web')
})

test('users, roles and permissions', async () => {
  const alices = join(engine.dataDir, 'alice')
  writeFileSync(alices, 'wonderland\n')
  await done('datacenter add hers')
  await done(`user add alice --new-password-file ${alices} --first-name Alice`)
  assert.match(await done('user list'), /^alice@internal-authz +Alice +true$/m)
  const asAlice = { PATCHBAY_ENGINE_USER: 'alice@internal', PATCHBAY_ENGINE_PASSWORD_FILE: alices }
  assert.match(await refused('datacenter remove hers', asAlice), /there is no data center "hers"/)
  assert.match(await refused('user remove admin', asAlice), /there is no user "admin"/)
  assert.equal(
    await done('permission add alice ReadOnlyAdmin --data-center hers'),
    'alice has the role ReadOnlyAdmin on data center hers',
  )
  assert.match(await done('permission list --of alice'), /^alice@internal-authz +ReadOnlyAdmin +data center /m)
  assert.match(await refused('datacenter remove hers', asAlice), /User is not authorized to perform this action/)
  await done('permission remove alice ReadOnlyAdmin --data-center hers')
  await done('role add Starter --permits run_vm')
  assert.match(await done('role show Starter'), /^run_vm +false$/m)
  await done('role remove Starter')
  await done('user remove alice')
  await done('datacenter remove hers')
})

test('what is refused is said in one line, with what there is instead', async () => {
  assert.equal(await refused('network attach green c'), 'error: there is no network "green". There is blue.')
  assert.match(await refused('cluster remove c'), /^error: Cannot remove Cluster\. It is used by: host h0, host h1\.$/)
  assert.match(await refused('profile add blue p --property x'), /"x" is no property: NAME=VALUE was expected/)
  const elsewhere = await refused('vm list', { PATCHBAY_ENGINE_URL: 'http://127.0.0.1:1' })
  assert.match(elsewhere, /^error: there is no answer from the engine at http:\/\/127\.0\.0\.1:1: .*--engine/)
  writeFileSync(`${passwordFile}-wrong`, 'guess')
  const wrong = await refused('vm list', { PATCHBAY_ENGINE_PASSWORD_FILE: `${passwordFile}-wrong` })
  assert.match(wrong, /^error: admin@internal was not let in: .*--password-file/)
})

test('everything goes again', async () => {
  assert.match(await refused('host remove h0'), /^error: Cannot remove Host\. Host is operational\./)
  for (const host of ['h0', 'h1']) assert.equal(await done(`host deactivate ${host}`), `host ${host} is in maintenance`)
  assert.match(await done('host list'), /^h1 .* maintenance$/m)
  assert.equal(await done('host activate h1'), 'host h1 is active')
  await done('host deactivate h1')
  for (const line of ['network remove blue --from-provider', 'provider remove sdn', 'host remove h0', 'host remove h1'])
    assert.match(await done(line), /was removed/)
  await done('cluster remove c')
  await done('datacenter remove dc')
  const { networks } = (await provider.send('GET', '/networks')).body
  assert.deepEqual(networks, [])
})
