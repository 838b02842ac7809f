// What hosts tell by themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../../../lab/until.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost } from '../testing/test-host.ts'

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
