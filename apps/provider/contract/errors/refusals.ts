// What the tests of the error contract share: a provider with something in it, and the check of a table of bad requests.
// The rows are those of the measured table of existing providers ("Error contract", column Neutron). Where Patchbay
// answers otherwise, the row says what Neutron does. Requests that are no proper HTTP: see bad-http.test.ts.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { startTestProvider, type TestProvider } from '../../testing/test-provider.ts'

export const unknown = '00000000-0000-4000-8000-000000000000'
export const mac = '02:19:34:00:00:01'

/** A bad request, and how it is answered. */
export type Refusal = readonly [
  title: string,
  request: readonly [method: string, path: string, body?: unknown],
  status: number,
  type: string,
  message: string | RegExp,
]

/** A network with a subnet and two ports, and an empty network. */
export async function startFilled(t: TestContext) {
  const provider = await startTestProvider(t)
  const make = async (singular: string, attributes: object) => {
    const { status, body } = await provider.send('POST', `/${singular}s`, { [singular]: attributes })
    assert.equal(status, 201, JSON.stringify(body))
    return body[singular]
  }
  const network = await make('network', { name: 'blue', 'provider:segmentation_id': 4242 })
  const empty = await make('network', { name: 'empty' })
  const subnet = await make('subnet', { network_id: network.id, ip_version: 4, cidr: '10.77.0.0/24' })
  const address = { subnet_id: subnet.id, ip_address: '10.77.0.20' }
  const device = { device_id: unknown, device_owner: 'oVirt' }
  const p1 = await make('port', {
    network_id: network.id,
    name: 'p1',
    mac_address: mac,
    fixed_ips: [address],
    ...device,
  })
  const p2 = await make('port', { network_id: network.id, name: 'p2', admin_state_up: false, security_groups: null })
  return { ...provider, make, network, empty, subnet, p1, p2 }
}

export type Filled = Awaited<ReturnType<typeof startFilled>>

const stateOf = ({ send }: TestProvider) =>
  Promise.all(['/networks', '/subnets', '/ports'].map(async (path) => (await send('GET', path)).body))

/** Sends each, and looks whether anything changed. */
export async function check(t: TestContext, provider: Filled, rows: readonly Refusal[]): Promise<void> {
  const before = await stateOf(provider)
  for (const [title, [method, path, body], status, type, message] of rows)
    await t.test(title, async () => {
      const answer = await provider.send(method, path, body)
      assert.deepEqual([answer.status, answer.body.NeutronError?.type], [status, type], JSON.stringify(answer.body))
      assert.deepEqual(Object.keys(answer.body), ['NeutronError'])
      assert.deepEqual(Object.keys(answer.body.NeutronError), ['type', 'message', 'detail'])
      assert.equal(answer.body.NeutronError.detail, '')
      assert.match(answer.headers.get('content-type')!, /^application\/json/)
      if (typeof message === 'string') assert.equal(answer.body.NeutronError.message, message)
      else assert.match(answer.body.NeutronError.message, message)
      assert.deepEqual(await stateOf(provider), before, 'nothing changed')
    })
}

export const bad = (attribute: string, reason: string) => `Invalid input for ${attribute}. Reason: ${reason}.`
export const impossible = (reason: string) => `Invalid input for operation: ${reason}.`
export const notFound = (what: string, id: string) => `${what} ${id} could not be found.`
