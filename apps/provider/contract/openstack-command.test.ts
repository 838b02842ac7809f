// The OpenStack command and its SDK, as Debian packages them, against a provider with its own Identity service.
// One process of the command takes about two seconds, so each runs a list of commands, as in its batch mode.
import assert from 'node:assert/strict'
import { type ExecFileException, execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { startTestProvider, type TestConfig } from '../testing/test-provider.ts'

const found = spawnSync('sh', ['-c', 'command -v openstack'], { encoding: 'utf8' }).stdout.trim()
const skip = found === '' && 'the command openstack is missing: apt-get install python3-openstackclient'

interface Output {
  readonly stdout: string
  readonly stderr: string
}

async function start(t: TestContext, config: TestConfig = {}) {
  const provider = await startTestProvider(t, { administrator: { name: 'admin', password: 'secret' }, ...config })
  const base = {
    PATH: process.env.PATH,
    HOME: provider.dataDir,
    LC_ALL: 'C.UTF-8',
    OS_USERNAME: 'admin',
    OS_PASSWORD: 'secret',
    OS_PROJECT_NAME: 'admin',
  }
  const identity = provider.identityUrl!.replace(/\/v2\.0$/, '')
  const v3 = {
    ...base,
    OS_AUTH_URL: `${identity}/v3`,
    OS_IDENTITY_API_VERSION: '3',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  const v2 = { ...base, OS_AUTH_URL: `${identity}/v2.0`, OS_IDENTITY_API_VERSION: '2', OS_AUTH_TYPE: 'v2password' }
  return { v3, v2 }
}

/** Runs a program to its end, however it ends. */
function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv, stdin: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
      error?.killed ? reject(error) : resolve({ stdout, stderr })
    execFile(file, args, { env, timeout: 60_000 }, done).stdin!.end(stdin)
  })
}

/** What the commands print, each as JSON, in order. A command that prints nothing has no place in it. */
async function openstack(env: NodeJS.ProcessEnv, ...commands: string[]) {
  const { stdout, stderr } = await run(found, [], env, `${commands.join('\n')}\n`)
  const answers = [...stdout.matchAll(/^(?:\[\]|\{\}|[[{]$[\s\S]*?^[\]}])/gm)].map(([text]) => JSON.parse(text))
  return { answers, stderr }
}

/** The columns' names are without spaces: the batch mode has no quotes that survive. */
const json = (command: string, ...columns: string[]) =>
  [command, '-f json', ...columns.map((column) => `-c ${column}`)].join(' ')

test('networks, subnets and ports are created, shown, listed, changed and deleted', { skip }, async (t) => {
  const { v3 } = await start(t)
  const { answers, stderr } = await openstack(
    v3,
    json('network create blue --mtu 1400 --description hello', 'name', 'mtu', 'description'),
    'network set blue --name azure',
    json('network list', 'Name'),
    json('network show azure', 'name', 'status', 'mtu'),
    json('subnet create s1 --network azure --subnet-range 10.0.0.0/24 --dns-nameserver 9.9.9.9', 'cidr', 'gateway_ip'),
    'subnet set s1 --dns-nameserver 8.8.8.8 --no-dhcp',
    'subnet unset s1 --dns-nameserver 9.9.9.9',
    json('subnet show s1', 'dns_nameservers', 'enable_dhcp'),
    json('subnet list --network azure', 'Name', 'Subnet'),
    json('port create p1 --network azure --fixed-ip subnet=s1,ip-address=10.0.0.9', 'name', 'status'),
    'port set p1 --mac-address 02:00:00:00:00:07 --fixed-ip subnet=s1,ip-address=10.0.0.10',
    json('port list --network azure --fixed-ip ip-substring=0.0.10', 'Name', 'Status'),
    'port unset p1 --fixed-ip subnet=s1,ip-address=10.0.0.9',
    json('port show p1', 'mac_address', 'fixed_ips'),
    json('ip availability show azure', 'used_ips', 'total_ips'),
    'port delete p1',
    'subnet delete s1',
    'network delete azure',
    json('network list'),
    json('port list'),
  )
  assert.equal(stderr, '')
  const { subnet_id } = (answers[8] as any).fixed_ips[0]
  assert.deepEqual(answers, [
    { name: 'blue', mtu: 1400, description: 'hello' },
    [{ Name: 'azure' }],
    { name: 'azure', status: 'ACTIVE', mtu: 1400 },
    { cidr: '10.0.0.0/24', gateway_ip: '10.0.0.1' },
    { dns_nameservers: ['8.8.8.8'], enable_dhcp: false },
    [{ Name: 's1', Subnet: '10.0.0.0/24' }],
    { name: 'p1', status: 'DOWN' },
    [{ Name: 'p1', Status: 'DOWN' }],
    { mac_address: '02:00:00:00:00:07', fixed_ips: [{ subnet_id, ip_address: '10.0.0.10' }] },
    { used_ips: 1, total_ips: 253 },
    [],
    [],
  ])
})

test('tags are set, unset and listed by', { skip }, async (t) => {
  const { v3 } = await start(t)
  const { answers, stderr } = await openstack(
    v3,
    json('network create blue --tag red', 'tags'),
    'network create plain -f value -c name',
    'network set blue --tag green',
    'network unset blue --tag red',
    json('network list --tags green', 'Name'),
    json('network list --not-tags green', 'Name'),
    json('subnet create s1 --network blue --subnet-range 10.0.0.0/24 --tag x', 'tags'),
    json('subnet list --any-tags x,y', 'Name'),
    json('port create p1 --network blue --tag y', 'tags'),
    'port set p1 --no-tag --tag z',
    json('port list --tags z', 'Name'),
  )
  assert.equal(stderr, '')
  assert.deepEqual(answers, [
    { tags: ['red'] },
    [{ Name: 'blue' }],
    [{ Name: 'plain' }],
    { tags: ['x'] },
    [{ Name: 's1' }],
    { tags: ['y'] },
    [{ Name: 'p1' }],
  ])
})

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

test('routers connect subnets, lead outside and have routes; floating IPs are given and taken', { skip }, async (t) => {
  const { v3 } = await start(t)
  const { answers, stderr } = await openstack(
    v3,
    json('network create outer --external', 'router:external'),
    'subnet create outer4 --network outer --subnet-range 203.0.113.0/24 --no-dhcp -f value -c name',
    'network create inner -f value -c name',
    'subnet create inner4 --network inner --subnet-range 10.0.0.0/24 -f value -c name',
    'port create p1 --network inner --fixed-ip subnet=inner4,ip-address=10.0.0.9 -f value -c name',
    json('network list --external', 'Name'),
    json('router create r1 --description hello', 'name', 'status', 'description'),
    'router add subnet r1 inner4',
    'router set r1 --external-gateway outer --fixed-ip ip-address=203.0.113.5 --disable-snat',
    'router set r1 --route destination=10.9.0.0/16,gateway=10.0.0.7 --tag blue --name r2 --disable',
    json('router show r2', 'external_gateway_info', 'routes', 'tags', 'admin_state_up'),
    json('router list --tags blue', 'Name', 'State'),
    json('port list --router r2 --device-owner network:router_interface', 'Status'),
    json('floating ip create outer --floating-ip-address 203.0.113.77', 'floating_ip_address', 'status'),
    'floating ip set 203.0.113.77 --port p1',
    json('floating ip list --status ACTIVE', 'ID', 'Port'),
    json('floating ip show 203.0.113.77', 'fixed_ip_address', 'status'),
    'router remove subnet r2 inner4',
    'floating ip unset 203.0.113.77 --port',
    'floating ip delete 203.0.113.77',
    'router unset r2 --route destination=10.9.0.0/16,gateway=10.0.0.7 --external-gateway',
    'router remove subnet r2 inner4',
    json('router create r3', 'name'),
    'port create p2 --network inner -f value -c name',
    'router add port r3 p2',
    'router remove port r3 p2',
    'router delete r2 r3',
    json('router list'),
    json('floating ip list'),
    json('port list', 'Name'),
  )
  assert.match(stderr.trim(), /^ConflictException: 409: .*it is required by one or more floating IPs\.$/)
  const [info, [floating]] = [(answers[3] as any).external_gateway_info, answers[7] as any]
  assert.equal(uuid.test(floating.ID) && uuid.test(floating.Port), true)
  assert.deepEqual(answers, [
    { 'router:external': true },
    [{ Name: 'outer' }],
    { name: 'r1', status: 'ACTIVE', description: 'hello' },
    {
      external_gateway_info: {
        network_id: info.network_id,
        enable_snat: false,
        external_fixed_ips: [{ subnet_id: info.external_fixed_ips[0].subnet_id, ip_address: '203.0.113.5' }],
      },
      routes: [{ destination: '10.9.0.0/16', nexthop: '10.0.0.7' }],
      tags: ['blue'],
      admin_state_up: false,
    },
    [{ Name: 'r2', State: false }],
    [{ Status: 'DOWN' }],
    { floating_ip_address: '203.0.113.77', status: 'DOWN' },
    [floating],
    { fixed_ip_address: '10.0.0.9', status: 'ACTIVE' },
    { name: 'r3' },
    [],
    [],
    [{ Name: 'p1' }],
  ])
})

test('on OVN: security groups get rules, ports are in them, and one that is in use stays', {
  skip: skip || noOvsdbServer,
}, async (t) => {
  const { remote } = await startOvsdbServer(t)
  const { v3 } = await start(t, { ovn: { remotes: [remote], tls: undefined } })
  const { answers, stderr } = await openstack(
    v3,
    json('network create blue', 'name'),
    json('security group create web', 'name'),
    json('security group rule create web --protocol tcp --dst-port 80:81 --remote-ip 192.0.2.7', 'remote_ip_prefix'),
    json('security group rule list web --ingress --protocol tcp', 'Direction'),
    json('port create --network blue --security-group web nic', 'name'),
    'security group delete web',
    'port delete nic',
    json('security group list', 'Name'),
    'security group delete web',
    json('security group list', 'Name'),
  )
  assert.match(stderr, /^Failed to delete group .*'web': .*409.*, Security Group [0-9a-f-]{36} in use\.$/m)
  assert.deepEqual(answers, [
    { name: 'blue' },
    { name: 'web' },
    { remote_ip_prefix: '192.0.2.7/32' },
    [{ Direction: 'ingress' }],
    { name: 'nic' },
    [{ Name: 'default' }, { Name: 'web' }],
    [{ Name: 'default' }],
  ])
})

test('what the provider refuses, the command says', { skip }, async (t) => {
  const { v3 } = await start(t)
  const { answers, stderr } = await openstack(
    v3,
    'network show none',
    'network create big --mtu 9000',
    'network create blue -f value -c name',
    'subnet create s1 --network blue --subnet-range 10.0.0.7/24',
    'port create p1 --network blue --vnic-type direct',
  )
  assert.deepEqual(answers, [])
  for (const text of [
    'No Network found for none',
    'Requested MTU is too big, maximum is 1450',
    "'10.0.0.7/24' isn't a recognized IP subnet cidr, '10.0.0.0/24' is recommended",
    "A port with binding:vnic_type 'direct' is not supported by this provider",
  ])
    assert.ok(stderr.includes(text), `${text} in:\n${stderr}`)
})

test('the command logs in by Identity v2.0 too', { skip }, async (t) => {
  const { v2 } = await start(t)
  const { answers, stderr } = await openstack(
    v2,
    json('network create blue', 'name'),
    json('token issue', 'project_id'),
    json('network list', 'Name'),
  )
  assert.equal(stderr, '')
  const [made, { project_id }, listed] = answers
  assert.deepEqual([made, listed], [{ name: 'blue' }, [{ Name: 'blue' }]])
  assert.match(project_id, /^[0-9a-f]{32}$/)
})

/** `openstack quota show` and `quota set` of this version want compute and volume services first; the SDK below does not. */
const sdkProgram = `
import json, openstack
network = openstack.connect().network
project = openstack.connect().current_project_id
def limits(quota): return [quota.networks, quota.subnets, quota.ports]
answers = [limits(network.update_quota(project, networks=2, ports=3))]
answers.append(limits(network.get_quota(project)))
answers.append(limits(network.get_quota_default(project)))
answers.append([limits(quota) for quota in network.quotas()])
blue = network.create_network(name='blue')
network.create_network(name='red')
answers.append(network.get_quota(project, details=True).networks)
try: network.create_network(name='green')
except openstack.exceptions.ConflictException as refusal: answers.append(refusal.details)
answers.append([port.name for port in network.create_ports([{'network_id': blue.id, 'name': name} for name in ['a', 'b', 'c']])])
answers.append([port.name for port in network.ports(limit=2)])
network.delete_quota(project)
answers.append(limits(network.get_quota(project)))
print(json.dumps(answers))
`

test('quotas, bulk create and pages serve the SDK', { skip }, async (t) => {
  const { v3 } = await start(t)
  // The Python that has the SDK is the one that the command names in its first line.
  const [, python] = /^#!\s*(\S+)/.exec(readFileSync(found, 'utf8'))!
  const [sdk, command] = await Promise.all([
    run(python!, ['-'], v3, sdkProgram),
    openstack(v3, json('quota list --network --detail', 'Resource', 'Limit')),
  ])
  assert.equal(sdk.stderr, '')
  const unlimited = [-1, -1, -1]
  assert.deepEqual(JSON.parse(sdk.stdout), [
    [2, -1, 3],
    [2, -1, 3],
    unlimited,
    [[2, -1, 3]],
    { limit: 2, used: 2, reserved: 0 },
    "Quota exceeded for resources: ['network'].",
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
    unlimited,
  ])
  assert.deepEqual(command.answers[0].map(({ Resource }: any) => Resource).sort(), [
    'floating_ips',
    'networks',
    'ports',
    'routers',
    'security_group_rules',
    'security_groups',
    'subnets',
  ])
})
