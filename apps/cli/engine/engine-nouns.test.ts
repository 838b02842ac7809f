// The commands as somebody types them, against an engine with a provider and two hosts.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { CommanderError } from 'commander'
import { until } from '../../../lab/until.ts'
import { driverSigners, packTestDriver } from '../../engine/testing/test-drivers.ts'
import { startTestEngine, type TestEngine } from '../../engine/testing/test-engine.ts'
import { startTestHost, type TestHost } from '../../engine/testing/test-host.ts'
import { type TestHostNetworks, testHostNetworks } from '../../engine/testing/test-host-networks.ts'
import { startTestProvider, type TestProvider } from '../../provider/testing/test-provider.ts'
import { createProgram } from '../program.ts'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

let engine: TestEngine
let provider: TestProvider
let hosts: TestHost[]
/** Of the first host. */
let networks: TestHostNetworks
let passwordFile: string

/** As typed into a shell; words are split at blanks. */
async function patchbay(line: string, env: Record<string, string> = {}): Promise<Outcome> {
  const out: string[] = []
  const err: string[] = []
  const written = (code: number) => ({ code, stdout: out.join(''), stderr: err.join('') })
  const program = createProgram({ writeOut: (text) => void out.push(text), writeErr: (text) => void err.push(text) })
  const { PATCHBAY_ENGINE_URL: url = engine.url, PATCHBAY_ENGINE_USER: user = 'admin@internal' } = env
  const where = ['--engine', url, '--user', user]
  const password = ['--password-file', env.PATCHBAY_ENGINE_PASSWORD_FILE ?? passwordFile]
  try {
    await program.parseAsync([...line.split(' '), ...where, ...password], { from: 'user' })
    return written(0)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return written(error.exitCode)
  }
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
  engine = await startTestEngine(context, {
    administrator: { name: 'admin@internal', password: 'secret' },
    driverSigners,
  })
  provider = await startTestProvider(context)
  networks = testHostNetworks()
  const first = await startTestHost(context, [], networks.verbs)
  first.answer('Host.getCapabilities', async () => ({
    ...networks.capabilities(),
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

test('what is given is changed, and the rest stays', async () => {
  await done('vm add edited --cluster c')
  const lines = [
    ['datacenter edit dc --description here', 'data center dc was changed', 'datacenter list', /^dc +up +here$/m],
    ['cluster edit c --default-provider sdn --comment ours', 'cluster c was changed'],
    ['host edit h1 --comment slow', 'host h1 was changed'],
    [
      'network edit blue --description sea --mtu 1400',
      'network blue was changed',
      'network list',
      /^blue .*1400 +sea$/m,
    ],
    [
      'profile edit web --property SecurityGroups=a --filter no-such',
      /there is no network filter "no-such"\. There are/,
    ],
    ['profile edit web --no-property --public-use true', 'profile web was changed', 'profile list', /^web +blue$/m],
    [
      'subnet edit sdn blue blue-v4 --no-dns --name v4',
      'subnet blue-v4 was changed',
      'subnet list sdn blue',
      /^v4 +10\.0\.0\.0\/24 +10\.0\.0\.1 +[0-9a-f-]{36}$/m,
    ],
    ['vm edit edited --memory 128 --name renamed', 'VM edited was changed', 'vm list', /^renamed +down/m],
    ['vm edit web', /nothing to change was given: --help says/],
  ] as const
  await Promise.all(
    lines.map(async ([line, said, look, seen]) => {
      if (typeof said !== 'string') return assert.match(await refused(line), said)
      assert.equal(await done(line), said)
      if (look) assert.match(await done(look), seen)
    }),
  )
  const [cluster] = JSON.parse(await done('cluster list --json'))
  assert.equal(cluster.comment, 'ours')
  await Promise.all(['vm remove renamed', 'cluster edit c --default-provider='].map(done))
})

test('networks on the interfaces of a host, attached and by label', async () => {
  await Promise.all(
    ['network add storage --data-center dc --cluster c', 'network add lan --data-center dc --cluster c'].map(done),
  )
  assert.equal(await done('network edit lan --vlan 20'), 'network lan was changed')
  assert.equal(
    await done('host attach h0 storage eth1 --address 10.1.0.5/24 fd00::5/64 --gateway 10.1.0.1'),
    'network storage is on eth1 of host h0',
  )
  const [asked] = networks.asked
  const { ipaddr, netmask, gateway, ipv6addr } = asked.networks.storage
  assert.deepEqual([ipaddr, netmask, gateway, ipv6addr], ['10.1.0.5', '255.255.255.0', '10.1.0.1', 'fd00::5/64'])
  assert.deepEqual([asked.options.connectivityCheck, asked.options.commitOnSuccess], [true, true])
  assert.equal(await done('network label lan trunk'), 'network lan has the label trunk')
  assert.equal(await done('host label h0 eth2 trunk'), 'eth2 of host h0 has the label trunk')
  assert.match(await done('host networks h0'), /^lan +eth2 +true$/m)
  assert.match(await done('host interfaces h0'), /^eth2 +\S+ +1000 +trunk$/m)
  assert.match(await done('host interfaces h0'), /^eth2\.20 .*lan +eth2, VLAN 20$/m)

  networks.change('storage', { mtu: '9000' })
  await done('host refresh h0')
  const [off, elsewhere, unknown] = await Promise.all([
    done('host networks h0'),
    refused('host detach h1 storage'),
    refused('host attach h0 storage eth1 --address 10.1.0.5'),
  ])
  assert.match(elsewhere, /network storage is not on host h1: patchbay host networks h1/)
  assert.match(unknown, /"10\.1\.0\.5" is no address with a length: 10\.1\.0\.5\/24 was expected/)
  assert.match(
    off,
    /^storage +eth1 +10\.1\.0\.5\/255\.255\.255\.0 via 10\.1\.0\.1 fd00::5\/64 +false +mtu 9000, not 1500$/m,
  )
  assert.equal(await done('host sync h0'), 'networks of host h0 are in sync')
  assert.equal(await done('host detach h0 storage'), 'network storage is no longer on host h0')
  assert.equal(await done('host unlabel h0 trunk'), 'host h0 has no longer the label trunk')
  assert.equal(await done('host networks h0'), 'NETWORK  INTERFACE  ADDRESSES  IN SYNC  DIFFERS')
  assert.equal(await done('network unlabel lan'), 'network lan has no longer the label trunk')
  await Promise.all(['network remove lan', 'network remove storage'].map(done))
})

test('of several versions of a driver one is named with its version', async (t) => {
  for (const version of ['1.0.0', '2.0.0']) {
    const file = join(engine.dataDir, `${version}.driver`)
    writeFileSync(file, await packTestDriver(t, version))
    assert.match(await done(`driver upload ${file}`), /^driver acme [12]\.0\.0 was uploaded/)
  }
  assert.equal(
    await refused('driver delete acme'),
    'error: there are several driver packages "acme": say which (acme-1.0.0, acme-2.0.0)',
  )
  assert.equal(await done('driver delete acme-1.0.0'), 'driver package acme-1.0.0 was removed')
  assert.equal(await done('driver delete acme'), 'driver package acme was removed')
})

test('users, roles and permissions', async () => {
  const alices = join(engine.dataDir, 'alice')
  writeFileSync(alices, 'wonderland\n')
  await done('datacenter add hers')
  await done(`user add alice --new-password-file ${alices} --first-name Alice`)
  await done('user edit alice --last-name Liddell --email alice@example.org')
  assert.match(await done('user list'), /^alice@internal-authz +Alice +Liddell +alice@example\.org +true$/m)
  assert.match(await refused('user edit alice'), /nothing to change was given/)
  const asAlice = { PATCHBAY_ENGINE_USER: 'alice@internal', PATCHBAY_ENGINE_PASSWORD_FILE: alices }
  assert.match(await refused('datacenter remove hers', asAlice), /there is no data center "hers"/)
  assert.match(await refused('user remove admin', asAlice), /there is no user "admin"/)
  assert.equal(
    await done('permission add alice ReadOnlyAdmin --data-center hers'),
    'alice has the role ReadOnlyAdmin on data center hers',
  )
  assert.match(await done('permission list --of alice'), /^alice@internal-authz +ReadOnlyAdmin +data center hers$/m)
  assert.match(await refused('datacenter remove hers', asAlice), /User is not authorized to perform this action/)
  await done('permission remove alice ReadOnlyAdmin --data-center hers')
  await done('role add Starter --permits run_vm')
  assert.match(await done('role show Starter'), /^run_vm +false$/m)
  await done('role remove Starter')
  await done('user remove alice')
  await done('datacenter remove hers')
})

test('what a command lacks is answered with the help of that command, which says what is required', async () => {
  const { stderr } = await patchbay('network add green')
  assert.equal(
    stderr,
    "error: required option '--data-center <name>' not specified\n(patchbay network add --help shows how)\n",
  )
  assert.match(await done('network add --help'), /--data-center <name> .*\(required\)/)
})

test('what is refused is said in one line, with what there is instead', async () => {
  assert.equal(await refused('network attach green c'), 'error: there is no network "green". There is blue.')
  assert.match(await refused('cluster remove c'), /^error: Cannot remove Cluster\. It is used by: host h0, host h1\.$/)
  assert.match(await refused('profile add blue p --property x'), /"x" is no property: NAME=VALUE was expected/)
  const elsewhere = await refused('vm list', { PATCHBAY_ENGINE_URL: 'http://127.0.0.1:1' })
  assert.match(elsewhere, /^error: there is no answer from the engine at http:\/\/127\.0\.0\.1:1: .*--engine/)
  const inTls = await refused('vm list', { PATCHBAY_ENGINE_URL: engine.url.replace('http:', 'https:') })
  assert.equal(
    inTls,
    `error: there is no answer from the engine at ${engine.url.replace('http:', 'https:')}: it does not speak https. Try ${engine.url}.`,
  )
  const ofProvider = await refused('vm list', { PATCHBAY_ENGINE_URL: provider.url })
  assert.match(ofProvider, /^error: admin@internal was not let in: Bad Request, without a reason\. Is that an engine\?/)
  writeFileSync(`${passwordFile}-wrong`, 'guess')
  const wrong = await refused('vm list', { PATCHBAY_ENGINE_PASSWORD_FILE: `${passwordFile}-wrong` })
  assert.match(wrong, /^error: admin@internal was not let in: .*--password-file/)
})

test('help shows first what is of the verb itself', async () => {
  const program = createProgram({ writeOut: (text) => void written.push(text) })
  const written: string[] = []
  await assert.rejects(program.parseAsync(['vm', 'edit', '--help'], { from: 'user' }), { exitCode: 0 })
  assert.match(
    written.join(''),
    /^Options:\n {2}--name <name> +its new name\n.*^Of all commands of the engine:\n {2}--engine/ms,
  )
})

test('variables say where the engine is, and the exit code whether it was done', async () => {
  const run = (env: Record<string, string>) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, '../main.ts'), 'vm', 'list'], {
      env: { PATH: process.env.PATH, PATCHBAY_ENGINE_PASSWORD_FILE: passwordFile, ...env },
      timeout: 60_000,
    })
  assert.match((await run({ PATCHBAY_ENGINE_URL: engine.url })).stdout, /^NAME +STATUS +HOST +CLUSTER +DETAIL\n$/)
  await assert.rejects(run({ PATCHBAY_ENGINE_URL: 'http://127.0.0.1:1' }), { code: 1, stdout: '' })
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
