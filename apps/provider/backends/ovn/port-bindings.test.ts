// Port bindings on OVN: which hosts may have a port, as OVN itself sees it; others who say so; several providers.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { noOvsdbServer, startOvsdbServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import type { TestProvider } from '../../testing/test-provider.ts'
import { startNorthd } from './testing/northd.ts'
import { eventually, makeNetwork, makePort, nbctl, startOvnProvider } from './testing/ovn-provider.ts'

const skip = noOvsdbServer

async function start(t: TestContext) {
  const server = await startOvsdbServer(t)
  const provider = await startOvnProvider(t, server)
  const network = await makeNetwork(provider)
  const { id } = await makePort(provider, network.id, { 'binding:host_id': 'h1' })
  const ask = async (expected: number, method: string, rest: string, body?: object) => {
    const { status, body: answer } = await provider.send(method, `/ports/${id}/bindings${rest}`, body)
    assert.equal(status, expected, JSON.stringify(answer))
    return answer
  }
  const options = () => nbctl(server, 'get', 'Logical_Switch_Port', id, 'options')
  return { server, provider, id, ask, options, path: `/ports/${id}` }
}

const binding = (host: string) => ({ binding: { host } })
const shown = ({ bindings }: any) => bindings.map(({ host, status }: any) => `${host} ${status}`)

test('OVN lets the destination have the port besides the source, until it has the port alone', { skip }, async (t) => {
  const { server, id, ask, options } = await start(t)
  const northd = await startNorthd(t, server)
  for (const number of [1, 2]) await northd.sbctl('chassis-add', `h${number}`, 'geneve', `127.0.0.${number}`)
  const chassis = async (column: string) => {
    await northd.synced()
    const uuids = await northd.sbctl('--bare', `--columns=${column}`, 'find', 'Port_Binding', `logical_port=${id}`)
    return uuids && northd.sbctl('--bare', 'get', 'Chassis', uuids, 'name')
  }
  const both = async () => [await chassis('requested_chassis'), await chassis('requested_additional_chassis')]
  assert.deepEqual(await both(), ['h1', ''])
  await ask(201, 'POST', '', binding('h2'))
  assert.deepEqual(await both(), ['h1', 'h2'])
  assert.match(await options(), /activation-strategy=rarp/)
  await ask(200, 'PUT', '/h2/activate')
  assert.deepEqual(await both(), ['h2', ''])
  assert.equal(await options(), '{requested-chassis=h2}')
  await ask(204, 'DELETE', '/h1')
  assert.deepEqual(await both(), ['h2', ''])
})

test('what is prepared goes from the options when it is deleted, and what others wrote there stays', {
  skip,
}, async (t) => {
  const { server, id, ask, options } = await start(t)
  await nbctl(server, 'set', 'Logical_Switch_Port', id, 'options:qos_max_rate=5')
  await ask(201, 'POST', '', binding('h2'))
  assert.equal(await options(), '{activation-strategy=rarp, qos_max_rate="5", requested-chassis="h1,h2"}')
  await ask(204, 'DELETE', '/h2')
  assert.equal(await options(), '{qos_max_rate="5", requested-chassis=h1}')
})

test('what somebody else says of the hosts is shown', { skip }, async (t) => {
  const { server, provider, id, path, ask, options } = await start(t)
  await nbctl(server, 'lsp-set-options', id, 'requested-chassis=h1,h7')
  const listed = async (expected: string[]) =>
    eventually(provider, `${path}/bindings`, (body) => String(shown(body)) === String(expected))
  await listed(['h1 ACTIVE', 'h7 INACTIVE'])
  await ask(200, 'PUT', '/h7/activate')
  assert.equal(await options(), '{requested-chassis=h7}')
  await nbctl(server, 'lsp-set-options', id, 'requested-chassis=h9')
  await listed(['h9 ACTIVE', 'h1 INACTIVE'])
})

test('any provider answers what another one wrote', { skip }, async (t) => {
  const { server, provider, id, path, ask } = await start(t)
  await ask(201, 'POST', '', { binding: { host: 'h2', profile: { a: 1 } } })
  await ask(200, 'PUT', '/h2/activate')
  await provider[Symbol.asyncDispose]()
  const other = await startOvnProvider(t, server)
  const { bindings } = await eventually(other, `${path}/bindings`, (_, status) => status === 200)
  assert.deepEqual(shown({ bindings }), ['h2 ACTIVE', 'h1 INACTIVE'])
  assert.deepEqual((await other.send('GET', `/ports/${id}`)).body.port['binding:profile'], { a: 1 })
})

test('of two providers that are asked for the same at once, one does it', { skip }, async (t) => {
  const { server, provider, id } = await start(t)
  const other = await startOvnProvider(t, server)
  await eventually(other, `/ports/${id}`, (_, status) => status === 200)
  const both = async (method: string, rest: string, body?: object) => {
    const send = (one: TestProvider) => one.send(method, `/ports/${id}/bindings${rest}`, body)
    const answers = await Promise.all([send(provider), send(other)])
    return answers.map(({ status, body: answer }) => `${status} ${answer?.NeutronError?.type ?? ''}`).sort()
  }
  assert.deepEqual(await both('POST', '', binding('h2')), ['201 ', '409 PortBindingAlreadyExists'])
  assert.deepEqual(await both('PUT', '/h2/activate'), ['200 ', '409 PortBindingAlreadyActive'])
  assert.deepEqual(await both('DELETE', '/h1'), ['204 ', '404 PortBindingNotFound'])
})
