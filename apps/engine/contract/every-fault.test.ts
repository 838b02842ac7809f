// Every fault is produced in a test: those that no story ends in, and those whose words are no fault's own, here; the others
// where their story is tested, in words that no other fault has.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { DetailsOf } from '@patchbay/networking-api/message-text.ts'
import { until } from '../../../lab/until.ts'
import { signedRequest } from '../../agent/enrolment/enrol.ts'
import { readOrMakeKey } from '../../agent/enrolment/host-pki.ts'
import { Fault, type FaultKey, faults } from '../faults.ts'
import { attaching, on, startHostScene } from '../testing/host-scene.ts'
import { driverSigners } from '../testing/test-drivers.ts'
import { startTestEngine, type TestEngine } from '../testing/test-engine.ts'
import { administrator, logIn } from '../testing/test-users.ts'

type Sender = Pick<TestEngine, 'send' | 'ask'>

const seen = new Set<FaultKey>()

/** What it answers is this fault, with these details, and nothing is another than before. */
async function refuses<Key extends FaultKey>(
  engine: Sender,
  [key, ...details]: [key: Key, ...DetailsOf<(typeof faults)[Key]['text']>],
  send: () => Promise<{ status: number; body: any }>,
): Promise<void> {
  const before = await stateOf(engine)
  const { status, body } = await send()
  const { status: expected, message } = new Fault(key, ...details)
  const { detail } = body.fault ?? body
  assert.deepEqual([status, detail.replace(/^\[(.*)\]$/s, '$1')], [expected, message])
  assert.deepEqual(await stateOf(engine), before, key)
  seen.add(key)
}

const collections = [
  'datacenters',
  'clusters',
  'hosts',
  'networks',
  'vnicprofiles',
  'macpools',
  'vms',
  'driverpackages',
]

/** What is said of their state may tell of the refusal. */
const stateOf = ({ ask }: Sender) =>
  Promise.all(
    collections.map(async (name) => {
      const state = await ask('GET', `/${name}${name === 'vms' ? '?follow=nics' : ''}`)
      return JSON.stringify(state, (key, value) => (key === 'status_detail' ? undefined : value))
    }),
  )

test('requests that cannot be', async (t) => {
  const { engine, path, setUp, networks, dataCenterId } = await startHostScene(t)
  const post =
    (path: string, body: object = {}) =>
    () =>
      engine.send('POST', path, body)
  const limits = 'expires_in must be 1 to 604800 seconds.'
  await refuses(engine, ['INVALID_VALUE', { reason: limits }], post(`${path}/enroltoken`, { expires_in: '0' }))
  const network = { what: 'Network', id: 'none' }
  await refuses(engine, ['NOT_FOUND', network], () => engine.send('DELETE', '/networks/none'))
  await refuses(engine, ['IMMUTABLE_ID', { id: dataCenterId }], () =>
    engine.send('PUT', `/datacenters/${dataCenterId}`, { id: 'other' }),
  )
  const fencing = { what: 'Fencing of the type restart' }
  await refuses(engine, ['UNSUPPORTED', fencing], post(`${path}/fence`, { fence_type: 'restart' }))
  const pool = { action: 'add Data Center', name: 'dc' }
  await refuses(engine, ['ACTION_TYPE_FAILED_NAME_ALREADY_USED', pool], post('/datacenters', { name: 'dc' }))
  const up = { action: 'install Host', host: 'h', status: 'up' }
  await refuses(engine, ['VDS_NOT_MATCH_VALID_STATUS', up], post(`${path}/install`))

  const action = 'setup Networks'
  await refuses(engine, ['HOST_NETWORK_INTERFACE_HAVING_ID_DOES_NOT_EXIST', { action, id: 'x' }], () =>
    setUp({ modified_bonds: { host_nic: [{ id: 'x' }] } }),
  )
  const eth9 = { action, id: '', name: 'eth9' }
  await refuses(engine, ['HOST_NETWORK_INTERFACE_HAVING_ID_OR_NAME_DOES_NOT_EXIST', eth9], () =>
    setUp(attaching(on('plain', 'eth9'))),
  )
  // A bond of a request has two slaves; one that was made at the host may have one.
  const alone = { bond0: { nics: ['eth2'], options: 'mode=1' } }
  await networks.verbs['Host.setupNetworks']!({ networks: {}, bondings: alone }, {} as never)
  await engine.ask('POST', `${path}/refresh`)
  const asked = networks.asked.length
  await refuses(engine, ['IMPROPER_BOND_IS_LABELED', { action, bond: 'bond0' }], () =>
    setUp({ modified_labels: { network_label: [{ id: 'lan', host_nic: { name: 'bond0' } }] } }),
  )
  assert.equal(networks.asked.length, asked)
})

test('what a VM is not in the state for', async (t) => {
  const { engine, host, clusterId, ids } = await startHostScene(t)
  const { id } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: clusterId } })
  const path = `/vms/${id}`
  const post =
    (rest: string, body: object = {}) =>
    () =>
      engine.send('POST', path + rest, body)
  const down = { action: 'stop VM', vm: 'vm', status: 'down' }
  await refuses(engine, ['ACTION_TYPE_FAILED_VM_STATUS_ILLEGAL', down], post('/stop'))

  // It starts for longer than the engine waits.
  const clock = performance.now.bind(performance)
  let ahead = 0
  t.mock.method(performance, 'now', () => clock() + ahead)
  const starting = { status: 'WaitForLaunch', macs: [] }
  host.answer('VM.create', async () => host.change(id, starting))
  host.answer('VM.getStats', async () => {
    ahead = 181_000
    return [starting]
  })
  await refuses(engine, ['VM_NOT_SETTLED', { status: starting.status, seconds: 180 }], post('/start'))
  for (const verb of ['VM.create', 'VM.getStats']) host.answer(verb, undefined)

  await engine.ask('POST', `${path}/start`)
  const [profile] = await engine.list(`/networks/${ids.plain}/vnicprofiles`)
  const nic = { name: 'nic1', vnic_profile: { id: profile.id } }
  const missing = { action: 'activate Interface', network: 'plain' }
  await refuses(engine, ['ACTIVATE_DEACTIVATE_NETWORK_NOT_IN_VDS', missing], post('/nics', nic))
  host.change(id, { status: 'Paused', macs: [] })
  assert.ok(await until(async () => (await engine.ask('GET', path)).status === 'paused', 10_000))
  const paused = { action: 'add Interface', vm: 'vm', status: 'paused' }
  await refuses(engine, ['NETWORK_CANNOT_ADD_INTERFACE_WHEN_VM_STATUS_NOT_UP_DOWN_LOCKED', paused], post('/nics', nic))
})

test('a network and a vNIC profile that VMs use', async (t) => {
  const { engine, clusterId, ids } = await startHostScene(t)
  const [profile] = await engine.list(`/networks/${ids.plain}/vnicprofiles`)
  const addVm = async (name: string) => {
    const { id } = await engine.ask('POST', '/vms', { name, cluster: { id: clusterId } })
    await engine.ask('POST', `/vms/${id}/nics`, { name: 'nic1', vnic_profile: { id: profile.id } })
  }
  const removeProfile = () => engine.send('DELETE', `/vnicprofiles/${profile.id}`)
  const removeNetwork = () => engine.send('DELETE', `/networks/${ids.plain}`)
  await addVm('web')
  const one = { kind: 'VM', names: 'web' }
  const [ofProfile, ofNetwork] = [{ action: 'remove vNIC profile' }, { action: 'remove Network' }]
  await refuses(engine, ['ACTION_TYPE_FAILED_VNIC_PROFILE_IN_ONE_USE', { ...ofProfile, ...one }], removeProfile)
  await refuses(engine, ['ACTION_TYPE_FAILED_NETWORK_IN_ONE_USE', { ...ofNetwork, ...one }], removeNetwork)
  await addVm('mail')
  const two = { kind: 'VMs', count: '2', names: 'web, mail' }
  await refuses(engine, ['ACTION_TYPE_FAILED_VNIC_PROFILE_IN_MANY_USES', { ...ofProfile, ...two }], removeProfile)
  await refuses(engine, ['ACTION_TYPE_FAILED_NETWORK_IN_MANY_USES', { ...ofNetwork, ...two }], removeNetwork)
})

test('enrolment with a token that is none, was used or has ended', async (t) => {
  const clock = Date.now
  let ahead = 0
  t.mock.method(Date, 'now', () => clock() + ahead)
  const { engine, path } = await startHostScene(t)
  const newToken = async () => (await engine.ask('POST', `${path}/enroltoken`, {})).token as string
  const enrol = (token: string, key: string) => async () => {
    const request = await signedRequest(readOrMakeKey(join(engine.dataDir, key)))
    return post(`${engine.url}/ovirt-engine/services/host-enrolment`, { token, request })
  }
  await refuses(engine, ['ENROLMENT_TOKEN_UNKNOWN'], enrol('none', 'a'))
  const token = await newToken()
  assert.equal((await enrol(token, 'a')()).status, 200)
  await refuses(engine, ['ENROLMENT_TOKEN_USED'], enrol(token, 'b'))
  const late = await newToken()
  ahead = 3_600_001
  await refuses(engine, ['ENROLMENT_TOKEN_EXPIRED'], enrol(late, 'c'))
})

test('a wrong password at the portal, and a file that is no driver package', async (t) => {
  const engine = await startTestEngine(t, { administrator, driverSigners })
  const admin = await logIn(engine, administrator.name, administrator.password)
  const reason = "Cannot authenticate user 'admin@internal': The user name or password is incorrect.."
  await refuses(admin, ['LOGIN_REFUSED', { reason }], () =>
    post(`${engine.url}/ovirt-engine/webadmin/session`, { username: administrator.name, password: 'wrong' }),
  )
  const unreadable = 'it is not gzipped, or longer than 134217728 bytes: incorrect header check'
  await refuses(admin, ['DRIVER_PACKAGE_REFUSED', { reason: unreadable }], () =>
    admin.send('POST', '/driverpackages', Buffer.from('none')),
  )
})

async function post(url: string, body: object) {
  const headers = { 'content-type': 'application/json', 'x-patchbay-portal': '1' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as any }
}

test('every fault is produced in a test', () => {
  const engineDir = join(import.meta.dirname, '..')
  const tests = globSync('**/*.test.ts', { cwd: engineDir }).map((file) => readFileSync(join(engineDir, file), 'utf8'))
  const words = tests
    .join(' ')
    .replaceAll('\\n', ' ')
    .replaceAll(/\\(?=\W)/g, '')
  const isTold = (key: FaultKey) => runsOf(key).some((run) => isOnlyOf(key, run) && run.test(words))
  const missing = (Object.keys(faults) as FaultKey[]).filter((key) => !seen.has(key) && !isTold(key))
  assert.deepEqual(missing, [], 'no test has three words of these that no other fault says: provoke them above')
})

const texts = Object.entries(faults).map(([key, { text }]) => ({ key, text: text.replaceAll(/\s+/g, ' ') }))

/** Three words on end of its text each, with any values in it. */
function runsOf(key: FaultKey): RegExp[] {
  const words = texts.find((each) => each.key === key)!.text.split(' ')
  return words.slice(2).map((last, at) => {
    const run = `${words[at]} ${words[at + 1]} ${last.replace(/[.,;:]$/, '')}`
    const fixed = run.split(/\{\w+\}/).map((part) => RegExp.escape(part))
    return new RegExp(fixed.join('\\S+'))
  })
}

const isOnlyOf = (key: FaultKey, run: RegExp) => texts.every((other) => other.key === key || !run.test(other.text))
