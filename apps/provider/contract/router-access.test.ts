// Who may do what with routers, floating IPs and the networks that lead outside.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { makerOf } from '../testing/test-routers.ts'
import { startWithUsers } from '../testing/test-users.ts'

/** An external network of the administrator; a subnet, a port and a router of ann's; a subnet of max's. */
async function start(t: TestContext) {
  const users = await startWithUsers(t)
  const [admin, ann, max] = [users.admin, users.ann, users.max].map((send) => makerOf({ send }))
  const outer = await admin!.place('203.0.113.0/24', { 'router:external': true })
  const own = await ann!.place('10.1.0.0/24')
  const port = await ann!.make('port', { network_id: own.network.id })
  const external_gateway_info = { network_id: outer.network.id }
  const router = await ann!.make('router', { external_gateway_info })
  await ann!.connect(router, own.subnet)
  return { ...users, outer, own, port, router, foreign: await max!.place('10.2.0.0/24') }
}

type Send = Awaited<ReturnType<typeof start>>['ann']

async function faultOf(answer: ReturnType<Send>): Promise<string> {
  const { status, body } = await answer
  return `${status} ${body?.NeutronError?.type ?? ''}`.trim()
}

test('an external network and its subnets are seen by all, and changed by administrators', async (t) => {
  const { max, rob, outer } = await start(t)
  for (const send of [max, rob])
    for (const path of [`/networks/${outer.network.id}`, `/subnets/${outer.subnet.id}`])
      assert.equal((await send('GET', path)).status, 200)
  const listed = (await max('GET', '/networks?router:external=true')).body.networks
  assert.deepEqual(listed.length, 1)
  assert.equal(await faultOf(max('DELETE', `/networks/${outer.network.id}`)), '403 PolicyNotAuthorized')
})

test('a router and a floating IP belong to a project, and are not there for others', async (t) => {
  const { ann, rob, max, admin, outer, router, own, port } = await start(t)
  const wish = { floatingip: { floating_network_id: outer.network.id, port_id: port.id } }
  const { floatingip } = (await ann('POST', '/floatingips', wish)).body
  assert.equal(floatingip.project_id, router.project_id)
  for (const [path, name] of [
    [`/routers/${router.id}`, 'router'],
    [`/floatingips/${floatingip.id}`, 'floatingip'],
  ] as const) {
    assert.equal((await rob('GET', path)).status, 200)
    assert.equal((await admin('GET', path)).status, 200)
    for (const [method, body] of [
      ['GET', undefined],
      ['PUT', { [name]: { description: 'x' } }],
      ['DELETE', undefined],
    ] as const) {
      assert.equal((await max(method, path, body)).status, 404, `${method} ${path}`)
      if (method !== 'GET') assert.equal((await rob(method, path, body)).status, 403, `${method} ${path}`)
    }
  }
  for (const verb of ['add', 'remove']) {
    const path = `/routers/${router.id}/${verb}_router_interface`
    assert.equal(await faultOf(max('PUT', path, { subnet_id: own.subnet.id })), '404 RouterNotFound')
    assert.equal(await faultOf(rob('PUT', path, { subnet_id: own.subnet.id })), '403 PolicyNotAuthorized')
  }
})

test('the ports of gateways and floating IPs are seen by administrators, those of interfaces by the project', async (t) => {
  const { ann, admin, outer } = await start(t)
  await ann('POST', '/floatingips', { floatingip: { floating_network_id: outer.network.id } })
  const owners = async (send: Send) =>
    (await send('GET', '/ports')).body.ports
      .map(({ device_owner }: any) => device_owner)
      .filter(Boolean)
      .sort()
  assert.deepEqual(await owners(ann), ['network:router_interface'])
  assert.deepEqual(await owners(admin), ['network:floatingip', 'network:router_gateway', 'network:router_interface'])
})

test('addresses outside and the way of translating are chosen by administrators', async (t) => {
  const { ann, admin, outer, router } = await start(t)
  const { id: network_id } = outer.network
  for (const more of [{ enable_snat: false }, { external_fixed_ips: [{ ip_address: '203.0.113.9' }] }]) {
    const external_gateway_info = { network_id, ...more }
    const change = { router: { external_gateway_info } }
    assert.equal(await faultOf(ann('PUT', `/routers/${router.id}`, change)), '403 PolicyNotAuthorized')
    assert.equal(await faultOf(ann('POST', '/routers', change)), '403 PolicyNotAuthorized')
    assert.equal((await admin('PUT', `/routers/${router.id}`, change)).status, 200)
  }
  const floatingip = { floating_network_id: network_id, floating_ip_address: '203.0.113.99' }
  assert.equal(await faultOf(ann('POST', '/floatingips', { floatingip })), '403 PolicyNotAuthorized')
  assert.equal((await admin('POST', '/floatingips', { floatingip })).status, 201)
})

test('a member connects only what is the own', async (t) => {
  const { ann, max, admin, outer, own, router, foreign, port } = await start(t)
  const add = (send: Send, wish: object) => send('PUT', `/routers/${router.id}/add_router_interface`, wish)
  assert.equal(await faultOf(add(ann, { subnet_id: foreign.subnet.id })), '404 SubnetNotFound')
  await admin('PUT', `/networks/${foreign.network.id}`, { network: { shared: true } })
  assert.equal(await faultOf(add(ann, { subnet_id: foreign.subnet.id })), '400 BadRequest')
  const { port: theirs } = (await max('POST', '/ports', { port: { network_id: foreign.network.id } })).body
  assert.equal(await faultOf(add(ann, { port_id: theirs.id })), '404 PortNotFound')
  assert.equal((await add(admin, { subnet_id: foreign.subnet.id })).status, 200)
  const give = (send: Send, port_id: string) =>
    send('POST', '/floatingips', { floatingip: { floating_network_id: outer.network.id, port_id } })
  assert.equal(await faultOf(give(max, port.id)), '404 PortNotFound')
  await admin('PUT', `/networks/${own.network.id}`, { network: { shared: true } })
  const { port: guest } = (await max('POST', '/ports', { port: { network_id: own.network.id } })).body
  assert.equal(await faultOf(give(ann, guest.id)), '400 BadRequest')
  assert.equal((await give(max, guest.id)).status, 201)
})
