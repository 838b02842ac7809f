// The port at which a destination waits for a VM, as whoever finds it meets it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { createLab, type Lab } from '../../../../lab/lab.ts'
import { labUnavailable } from '../../../../lab/lab-unavailable.ts'
import { type LabAgent, startLabAgent } from '../../testing/lab-agent.ts'
import { domainXml, type TestVm, testVm } from '../../testing/vm-xml.ts'

describe('at the port of a destination', { skip: labUnavailable() }, () => {
  let lab: Lab
  let destination: LabAgent
  before(async () => {
    lab = await createLab({ hosts: ['host-b'] })
    destination = await startLabAgent(lab.host('host-b'))
  })
  after(async () => {
    await destination?.[Symbol.asyncDispose]()
    await lab?.down()
  })
  afterEach(() => destination.clear())

  /** The destination waits for the VM, as for a source. */
  async function expected(vm: TestVm): Promise<{ port: number; secret: string }> {
    const xml = domainXml(vm).replaceAll('bridge="blue"', 'bridge=";vdsmdummy;"')
    const reply = await destination.call<any>('VM.migrationCreate', {
      vmID: vm.vmId,
      params: { vmId: vm.vmId, _srcDomXML: xml, xml },
    })
    assert.equal(reply.params.status, 'Migration Destination')
    return { port: reply.migrationPort, secret: reply.migrationSecret }
  }
  async function dial(port: number) {
    const socket = connect({ host: destination.host.address, port, signal: AbortSignal.timeout(60_000) })
    await once(socket, 'connect')
    socket.setEncoding('utf8').on('error', () => {})
    const chunks = socket.iterator({ destroyOnReturn: false })
    return {
      socket,
      say: (message: unknown) => socket.write(`${JSON.stringify(message)}\n`),
      /** The other side sends one line at a time. */
      hear: async () => JSON.parse((await chunks.next()).value ?? 'null'),
    }
  }

  test('strangers are turned away, and the VM still comes', async () => {
    const vm = testVm(50)
    const { port, secret } = await expected(vm)
    const browser = await dial(port)
    browser.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    assert.deepEqual(await browser.hear(), { error: 'what came is no message' })
    const flood = await dial(port)
    flood.socket.write(Buffer.alloc(3_000_000, 'x'))
    await new Promise((closed) => flood.socket.on('close', closed))
    const silent = await dial(port)
    for (const wrong of ['', 'x'.repeat(secret.length), null, { secret }]) {
      const liar = await dial(port)
      liar.say({ secret: wrong, memory: [] })
      assert.deepEqual(await liar.hear(), { error: 'the sender of the guest does not know the secret' })
    }
    assert.deepEqual(await destination.processes(vm.vmId), [])

    const sender = await dial(port)
    sender.say({ secret, memory: [{ device: 'eth0', addresses: ['192.0.2.9/24'], routes: [] }] })
    assert.deepEqual(await sender.hear(), { ready: true })
    assert.deepEqual(await destination.processes(vm.vmId), [], 'not before the source has let go')
    sender.say({ run: true })
    assert.deepEqual(await sender.hear(), { running: true })
    await destination.until(vm.vmId, 'Up')
    await assert.rejects(dial(port), /ECONNREFUSED/, 'once')
    silent.socket.destroy()
  })

  test('a source that goes away, or sends what makes no sense, leaves a VM that is down', async () => {
    for (const [memory, says] of [
      [[], /did not arrive: the other side closed the connection/],
      [
        [{ device: 'eth0', addresses: ['192.0.2.9/24\nlink del eth0'], routes: [] }],
        /did not arrive: .*makes no sense/,
      ],
      [[{ device: 'eth0' }], /did not arrive/],
      ['all of it', /did not arrive/],
    ] as const) {
      const vm = testVm(51)
      const { port, secret } = await expected(vm)
      const sender = await dial(port)
      sender.say({ secret, memory })
      assert.deepEqual(await sender.hear(), { ready: true })
      if (memory.length === 0) sender.socket.destroy()
      else sender.say({ run: true })
      assert.match((await destination.until(vm.vmId, 'Down')).exitMessage!, says)
      await destination.destroy(vm.vmId)
      await destination.assertClean()
    }
  })

  test('a VM that is destroyed before it came does not come any more', async () => {
    const vm = testVm(52)
    const { port } = await expected(vm)
    const early = await dial(port)
    await destination.destroy(vm.vmId)
    assert.equal(await early.hear(), null)
    await assert.rejects(dial(port), /ECONNREFUSED/)
    await destination.assertClean()
    await assert.rejects(destination.call('VM.migrationCreate', { vmID: 'x', params: { _srcDomXML: '<domain/>' } }), {
      code: 9,
      message: /no valid <uuid>/,
    })
  })
})
