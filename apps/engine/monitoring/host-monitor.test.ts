// What hosts tell by themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost } from '../testing/test-host.ts'
import { startWithRunningVm } from '../testing/test-running-vm.ts'

test('a host whose networks have changed by themselves is asked what they are now', async (t) => {
  const engine = await startTestEngine(t)
  const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
  const cluster = await engine.ask('POST', '/clusters', { name: 'c', data_center: { id: dataCenterId } })
  const host = await startTestHost(t)
  const nicsOf = async (id: string) =>
    (await engine.list(`/hosts/${id}/nics`)).map(({ name, ip }) => [name, ip?.address])
  const withAddress = (addr: string) => async () => ({
    nics: {
      eth0: { hwaddr: '02:00:00:00:00:01', addr, netmask: '255.255.255.0', ipv4addrs: addr ? [`${addr}/24`] : [] },
    },
  })
  host.answer('Host.getCapabilities', withAddress(''))
  const id = await addHost(engine, cluster.id, host)
  const [[name, before]] = (await nicsOf(id)) as [[string, string | undefined]]
  assert.deepEqual([name, before || undefined], ['eth0', undefined])

  host.answer('Host.getCapabilities', withAddress('192.0.2.7'))
  host.tell('|net|host_conn|no_id')
  assert.ok(await until(async () => (await nicsOf(id))[0]?.[1] === '192.0.2.7', 5_000), `${await nicsOf(id)}`)
})

test('VMs of a host that stays away are unknown until it is back', async (t) => {
  const { engine, host, hostId, vmId, addNic } = await startWithRunningVm(t, (t) =>
    startTestEngine(t, { hostGraceMs: 200 }),
  )
  const statusOf = async (path: string) => (await engine.ask('GET', path)).status
  const isVm = (status: string) => until(async () => (await statusOf(`/vms/${vmId}`)) === status, 5_000)
  await host.crash()
  assert.ok(await isVm('unknown'))
  assert.equal(await statusOf(`/hosts/${hostId}`), 'non_responsive')
  const told = (await engine.list('/events')).filter(({ code }) => code === '142')
  assert.deepEqual(
    told.map(({ description, vm }) => [description, vm.id]),
    [['VM vm was set to the Unknown status.', vmId]],
  )
  const refused = await addNic()
  assert.deepEqual([refused.status, /unknown/.test(refused.body.detail)], [409, true])

  host.vms.set(vmId, { status: 'Paused', macs: [] })
  await host.start()
  assert.ok(await isVm('paused'), 'it is what the host says')
  host.change(vmId, { status: 'Up', macs: [] })
  assert.ok(await isVm('up'))
  await host.crash()
  assert.ok(await isVm('unknown'), 'the next time as well')
})

test('VMs of a host that is away for a moment are what they were', async (t) => {
  const { engine, host, hostId, vmId } = await startWithRunningVm(t)
  const statusOf = async (path: string) => (await engine.ask('GET', path)).status
  const isHost = (status: string) => until(async () => (await statusOf(`/hosts/${hostId}`)) === status, 5_000)
  await host.crash()
  assert.ok(await isHost('non_responsive'))
  assert.equal(await statusOf(`/vms/${vmId}`), 'up')
  await host.start()
  assert.ok(await isHost('up'))
  const codes = (await engine.list('/events')).map(({ code }) => code)
  assert.ok(!codes.includes('142'), `${codes}`)
})
