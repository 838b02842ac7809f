// Collections are searched, sorted and paged in the database, in oVirt's language.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider } from '../../provider/testing/test-provider.ts'
import { setScene, startTestEngine, type TestEngine } from '../testing/test-engine.ts'

const finder =
  ({ list }: TestEngine, collection: string, more = '') =>
  async (search: string): Promise<string[]> =>
    (await list(`/${collection}?search=${encodeURIComponent(search)}${more}`)).map(({ name }) => name)

async function beginWithDataCenters(t: TestContext) {
  const engine = await startTestEngine(t)
  for (const name of ['one', 'One-more', 'two', 'on.e'])
    await engine.ask('POST', '/datacenters', { name, description: name === 'two' ? 'this and "that"' : '100%_x' })
  return engine
}

test('texts are compared as a whole, with wildcards, whatever their case', async (t) => {
  const found = finder(await beginWithDataCenters(t), 'datacenters')
  assert.deepEqual(await found('name=one'), ['one'])
  assert.deepEqual(await found('NAME = "ONE"'), ['one'])
  assert.deepEqual(await found('name=one*'), ['one', 'One-more'])
  assert.deepEqual(await found('name=*o*'), ['one', 'One-more', 'two', 'on.e'])
  assert.deepEqual(await found('name=*e-m*e'), ['One-more'])
  assert.deepEqual(await found('name=o*e*e*e'), [])
  assert.deepEqual(await found('name=on.e'), ['on.e'], 'a dot is a dot')
  assert.deepEqual(await found('description=100%_x and name=on*'), ['one', 'One-more', 'on.e'], 'and so are % and _')
  assert.deepEqual(await found('description=1%x'), [])
  assert.deepEqual(await found('description=1*x*'), ['one', 'One-more', 'on.e'])
  assert.deepEqual(await found('name!=one*'), ['two', 'on.e'])
  assert.deepEqual(await found(`name="' or 1=1 --\\"`), [])
})

test('conditions are joined, nested, and may say only what to look for', async (t) => {
  const found = finder(await beginWithDataCenters(t), 'datacenters')
  assert.deepEqual(await found('name=one or name=two'), ['one', 'two'])
  assert.deepEqual(await found('name=o* and (description=this* or name=on.e)'), ['on.e'])
  assert.deepEqual(await found('description="this and *" AND status=up'), ['two'])
  assert.deepEqual(await found('status=down'), [])
  assert.deepEqual(await found('status!=down and name=two'), ['two'])
  assert.deepEqual(await found('mor'), ['One-more'])
  assert.deepEqual(await found('that'), ['two'], 'also in descriptions')
  assert.deepEqual(await found('nobody'), [])
  assert.equal((await found('')).length, 4)
})

test('case counts where the client says so', async (t) => {
  const found = finder(await beginWithDataCenters(t), 'datacenters', '&case_sensitive=true')
  assert.deepEqual(await found('name=One*'), ['One-more'])
  assert.deepEqual(await found('name=one*'), ['one'])
})

test('pages and order', async (t) => {
  const engine = await beginWithDataCenters(t)
  const found = finder(engine, 'datacenters')
  assert.deepEqual(await found('sortby name'), ['on.e', 'one', 'One-more', 'two'])
  assert.deepEqual(await found('name=o* sortby name desc'), ['One-more', 'one', 'on.e'])
  const pages = finder(engine, 'datacenters', '&max=3')
  assert.deepEqual(await pages('sortby name page 1'), ['on.e', 'one', 'One-more'])
  assert.deepEqual(await pages('sortby name page 2'), ['two'])
  assert.deepEqual(await pages('page 3'), [])
  assert.deepEqual(await found('page 2'), [], 'a page is 100 unless max says otherwise')
  assert.equal((await engine.list('/datacenters?max=2')).length, 2)
  assert.equal((await engine.list('/datacenters?max=-1')).length, 4)
})

test('what a row is related to can be searched by', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { clusterId, profileId } = await setScene(engine, provider)
  const [network] = await engine.list('/networks')
  await engine.ask('POST', '/datacenters', { name: 'empty' })
  for (const name of ['a', 'b']) await engine.ask('POST', '/vms', { name, cluster: { id: clusterId }, memory: '1024' })
  const [{ id: vm }] = await engine.list('/vms?search=name%3Da')
  await engine.ask('POST', `/vms/${vm}/nics`, { name: 'nic1', vnic_profile: { id: profileId } })

  assert.deepEqual(await finder(engine, 'datacenters')('Clusters.name=c'), ['dc'])
  assert.deepEqual(await finder(engine, 'clusters')('datacenter=dc and vm.name=a'), ['c'])
  assert.deepEqual(await finder(engine, 'clusters')('Vms.name=none'), [])
  assert.deepEqual(await finder(engine, 'vms')('cluster=c and datacenter=dc sortby cluster desc'), ['a', 'b'])
  assert.deepEqual(await finder(engine, 'vms')(`Vnic.network_name=${network.name}`), ['a'])
  assert.deepEqual(await finder(engine, 'vms')('vnic.plugged=true and memory>=1024'), ['a'])
  assert.deepEqual(await finder(engine, 'vms')('memory<1024'), [])
  const networks = finder(engine, 'networks')
  assert.deepEqual(await networks(`name="${network.name}" and datacenter="dc"`), [network.name])
  assert.deepEqual(await networks('provider_name=sdn and cluster.name=c and vmnetwork=true'), [network.name])
  assert.deepEqual(await networks('mtu=9000 or vlanid>0'), [])
  assert.deepEqual(await finder(engine, 'vnicprofiles')('network.datacenter=dc sortby network'), [network.name])
  assert.deepEqual(await finder(engine, 'openstacknetworkproviders')('read_only=false'), ['sdn'])
})

test('the status of a host is the one that is shown', async (t) => {
  const engine = await startTestEngine(t)
  const { id } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  await engine.ask('POST', '/clusters', { name: 'c', data_center: { id } })
  await engine.ask('POST', '/hosts', { name: 'h', address: '127.0.0.1', port: '1', cluster: { name: 'c' } })
  const [host] = await engine.list('/hosts')
  await engine.ask('POST', `/hosts/${host.id}/deactivate`)
  const found = finder(engine, 'hosts')
  assert.deepEqual(await found('status=maintenance and cluster=c'), ['h'])
  assert.deepEqual(await found('status=connecting or status=non_responsive'), [])
})

test('events are sorted by time, the newest first', async (t) => {
  const engine = await startTestEngine(t)
  for (const name of ['a', 'b'])
    await engine.ask('POST', '/openstacknetworkproviders', { name, type: 'external', url: 'http://127.0.0.1:1' })
  const told = async (search: string) =>
    (await engine.list(`/events?search=${encodeURIComponent(search)}`)).map(({ description }) => description)
  assert.deepEqual(await told('type=205'), ['Provider b was added.', 'Provider a was added.'])
  assert.deepEqual(await told('severity=normal and message=*a* sortby time asc page 1'), [
    'Provider a was added.',
    'Provider b was added.',
  ])
  assert.deepEqual(await told('time<2020-01-01'), [])
  assert.equal((await told('time>=2020-01-01T00:00:00Z')).length, 2)
  assert.equal((await engine.list('/events?max=1')).length, 1)
})

test('what the provider has is searched in the same language', async (t) => {
  const provider = await startTestProvider(t)
  const engine = await startTestEngine(t)
  const { providerId } = await setScene(engine, provider)
  for (const name of ['red', 'Brown', 'green']) await provider.send('POST', '/networks', { network: { name } })
  const found = finder(engine, `openstacknetworkproviders/${providerId}/networks`, '&max=2')
  assert.deepEqual(await found('name=red or name=brown sortby name desc'), ['red', 'Brown'])
  assert.deepEqual(await found('(name=r* or gre) and name!=red'), ['green'])
})

test('what cannot be searched by is a fault', async (t) => {
  const engine = await startTestEngine(t)
  for (const [path, detail] of [
    ['/vms?search=colour%3Dred', 'Nothing can be searched by "colour" here.'],
    ['/vms?search=toString%3Dx', 'Nothing can be searched by "tostring" here.'],
    ['/vms?search=colours.name%3Dx', 'Nothing can be searched by "colours.name" here.'],
    ['/vms?search=sortby%20colour', 'Nothing can be searched by "colour" here.'],
    ['/vms?search=memory%3Dmuch', 'The value "much" is not one of those that "memory" has.'],
    ['/networks?search=stp%3Dmaybe', 'The value "maybe" is not one of those that "stp" has.'],
    ['/events?search=time%3E2026-13-45', 'The value "2026-13-45" is not one of those that "time" has.'],
    ['/vms?search=name', undefined],
    ['/vms?search=(', 'The search "(" is not valid: something is missing at its end.'],
  ]) {
    const { status, body } = await engine.send('GET', path!)
    assert.deepEqual([status, body.detail], detail ? [400, `[${detail}]`] : [200, undefined], path)
  }
  const { body } = await engine.send('GET', '/vms?max=x')
  assert.deepEqual([body.reason, body.detail], ['Invalid value', 'max must be a whole number, not "x".'])
})
