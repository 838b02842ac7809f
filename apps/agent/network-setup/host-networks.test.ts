// Host.setupNetworks on a host of a laboratory, whose kernel does it all. VLANs and bonds are tried where it has them.
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, describe, test } from 'node:test'
import { labUnavailable } from '../../../lab/lab-unavailable.ts'
import { until } from '../../../lab/until.ts'
import { startTestEngine } from '../../engine/testing/test-engine.ts'
import type { LabAgent } from '../testing/lab-agent.ts'
import { useAgent } from '../testing/use-agent.ts'

const unchecked = { connectivityCheck: false, commitOnSuccess: true }
const red = { nic: 'veth_1', bridged: true, ipaddr: '10.5.0.2', prefix: 24, mtu: '1400' }

describe('networks of a host', { skip: labUnavailable() }, () => {
  let agent: LabAgent
  useAgent((started) => {
    agent = started
  })
  before(async () => {
    await ip('link add veth_1 type veth peer name peer1', 'link set peer1 up', 'link set veth_1 up')
    await ip('link add veth_2 type veth peer name peer2', 'link set peer2 up', 'addr add 10.6.0.2/24 dev veth_2')
  })
  afterEach(async () => {
    agent.bed.releaseAll()
    const { networks } = await agent.call<any>('Host.getNetworkCapabilities')
    const removals = Object.keys(networks).map((name) => [name, { remove: true }])
    await setUp(Object.fromEntries(removals))
    await ip('addr flush dev veth_2', 'addr add 10.6.0.2/24 dev veth_2', 'link set veth_2 mtu 1500 down')
  })

  const ip = (...lines: string[]) => agent.host.exec(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` })
  const setUp = (networks: object, options: object = unchecked, bondings: object = {}) =>
    agent.call('Host.setupNetworks', { networks, bondings, options })
  const caps = () => agent.call<any>('Host.getNetworkCapabilities')
  const hooks = () => agent.bed.journal('').filter((line) => line.includes('network_setup'))
  /** What somebody would see who logs in: each link with its master, MTU, state and addresses, and the routes. */
  async function links() {
    const { stdout } = await agent.host.exec(['ip', '-j', 'addr', 'show'])
    const routes = await agent.host.exec(['ip', 'route', 'show'])
    const described = JSON.parse(stdout).map((link: any) => {
      const addresses = link.addr_info.filter((a: any) => a.scope === 'global').map((a: any) => a.local)
      return [link.ifname, link.master, link.mtu, link.flags.includes('UP'), addresses.join()].join(' ')
    })
    return [...described, routes.stdout]
  }
  const refused = (code: number, message: RegExp) => (error: any) => {
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return true
  }

  test('a bridge with an address and a default route is made, reported and removed', async () => {
    const ipv6 = { ipv6addr: 'FD00:5::02/64', ipv6gateway: 'fd00:5:0::1' }
    const asked = { red: { ...red, ...ipv6, defaultRoute: true, gateway: '10.5.0.1' } }
    assert.deepEqual(await setUp(asked), { code: 0, message: 'Done' })

    const { networks, bridges, nics } = await caps()
    assert.deepEqual(networks.red, {
      iface: 'red',
      bridged: true,
      ports: ['veth_1'],
      stp: 'off',
      southbound: 'veth_1',
      switch: 'legacy',
      mtu: '1400',
      addr: '10.5.0.2',
      netmask: '255.255.255.0',
      ipv4addrs: ['10.5.0.2/24'],
      ipv6addrs: ['fd00:5::2/64'],
      gateway: '10.5.0.1',
      ipv6gateway: 'fd00:5::1',
      ipv4defaultroute: true,
      dhcpv4: false,
      dhcpv6: false,
      ipv6autoconf: false,
    })
    assert.deepEqual(bridges.red.ports, ['veth_1'])
    assert.equal(nics.veth_1.mtu, '1400')
    await setUp({ red: { remove: true } })
    const left = await caps()
    assert.deepEqual([left.networks, left.bridges.red, left.nics.veth_1.mtu], [{}, undefined, '1500'])
  })

  test('an address moves from a NIC to a bridge on it, and another one replaces it', async () => {
    await setUp({ red: { nic: 'veth_1', bridged: false, ipaddr: '10.5.0.2', netmask: '255.255.255.0' } })
    assert.equal((await caps()).networks.red.iface, 'veth_1')
    await setUp({ red })
    assert.deepEqual((await caps()).nics.veth_1.ipv4addrs, [])
    await setUp({ red: { ...red, ipaddr: '10.5.0.3' } })
    assert.deepEqual((await caps()).networks.red.ipv4addrs, ['10.5.0.3/24'])
    await setUp({ red: { remove: true }, blue: { nic: 'veth_1' } })
    assert.deepEqual(Object.keys((await caps()).networks), ['blue'])
  })

  test('the network of guests stays as long as a guest is on its bridge', async (t) => {
    await setUp({ red })
    await ip('link add tap1 type veth peer name guest1', 'link set tap1 master red')
    t.after(() => ip('link del tap1'))
    await assert.rejects(setUp({ red: { remove: true } }), refused(28, /tap1 is on its bridge/))
    await setUp({ red: { ...red, mtu: 1300 } })
    assert.deepEqual((await caps()).bridges.red.ports.sort(), ['tap1', 'veth_1'])
    await ip('link set tap1 nomaster')
  })

  test('without a word from the engine in time everything is as it was', async () => {
    await ip('link set veth_2 up', 'route add default via 10.6.0.1 dev veth_2')
    const before = await links()
    const asked = {
      red,
      blue: { nic: 'veth_2', ipaddr: '10.7.0.2', prefix: 24, defaultRoute: true, gateway: '10.7.0.1' },
    }
    const checked = { connectivityCheck: true, connectivityTimeout: 0.3 }
    await assert.rejects(setUp(asked, checked), refused(10, /connectivity check failed: nothing was heard/))
    assert.deepEqual(await links(), before)
    assert.deepEqual((await caps()).networks, {})
  })

  test('with a word from the engine, they are kept only if that is said', async () => {
    const made = setUp({ red }, { connectivityTimeout: 30 })
    // Only what is heard after the change counts.
    await until(
      async () => (await agent.call<any>('Host.getNetworkCapabilities')).bridges.red?.addr !== undefined,
      30_000,
    )
    const asking = setInterval(() => void agent.call('Host.confirmConnectivity'), 20)
    await made.finally(() => clearInterval(asking))
    assert.equal((await caps()).netConfigDirty, 'True')
    assert.equal(await agent.call('Host.setSafeNetworkConfig'), true)
    assert.equal((await caps()).netConfigDirty, 'False')
  })

  test('a second call meanwhile is refused', async () => {
    agent.bed.at('before_network_setup', '', 'hold')
    const first = setUp({ red })
    await agent.bed.reached('before_network_setup', '')
    await assert.rejects(setUp({ blue: { nic: 'veth_2' } }), refused(40, /networks are being set up/))
    agent.bed.release('before_network_setup', '')
    await first
  })

  test('scripts see the request with its custom properties, and what they make of it counts', async () => {
    const seen = join(agent.bed.dir, 'seen')
    agent.bed.at(
      'before_network_setup',
      '',
      `cp "$_hook_json" ${seen}; sed -i 's/10\\.5\\.0\\.2/10.5.0.9/' "$_hook_json"`,
    )
    await setUp({ red: { ...red, custom: { underlay: 'yes' } } })
    const { stdout } = await agent.host.exec(['cat', seen])
    const { request } = JSON.parse(stdout)
    const { custom, mtu, netmask, bootproto } = request.networks.red
    assert.deepEqual([custom, mtu, netmask, bootproto], [{ underlay: 'yes' }, 1400, '255.255.255.0', 'none'])
    assert.equal((await caps()).networks.red.addr, '10.5.0.9')
  })

  test('a veto leaves everything as it was', async () => {
    const before = await links()
    const count = hooks().length
    agent.bed.at('before_network_setup', '', 'echo no underlay here >&2; exit 2')
    await assert.rejects(setUp({ red }), refused(78, /^Hook error: Hook Error: \(b'no underlay here\\n',\)$/))
    assert.deepEqual(await links(), before)
    const points = hooks().slice(count)
    assert.deepEqual(points, ['hook before_network_setup', 'hook after_network_setup_fail'])
  })

  test('what scripts leave is checked like a request', async () => {
    agent.bed.at('before_network_setup', '', `sed -i 's/veth_1/nowhere/' "$_hook_json"`)
    await assert.rejects(setUp({ red }), refused(23, /there is no NIC nowhere/))
    agent.bed.at('before_network_setup', '', `echo '[]' > "$_hook_json"`)
    await assert.rejects(setUp({ red }), refused(78, /left no request/))
  })

  for (const [what, bondings, code, link] of [
    ['vlan', {}, 26, 'veth_1.20'],
    ['bond', { bond7: { nics: ['veth_1', 'veth_2'], options: 'mode=1 miimon=100' } }, 25, 'bond7'],
  ] as const) {
    test(`a ${what} is made where the kernel can, and said to be missing where it cannot`, async () => {
      const has = await ip(
        `link add x7 ${what === 'vlan' ? 'link veth_1 ' : ''}type ${what} ${what === 'vlan' ? 'id 7' : ''}`,
      )
        .then(() => ip('link del x7'))
        .then(
          () => true,
          () => false,
        )
      const before = await links()
      const network = what === 'vlan' ? { nic: 'veth_1', vlan: 20 } : { bonding: 'bond7' }
      const made = setUp({ red: network }, unchecked, bondings)
      if (!has) {
        await assert.rejects(made, refused(code, new RegExp(`the kernel of this host has no ${what}`)))
        assert.deepEqual(await links(), before)
        return
      }
      await made
      assert.deepEqual((await caps()).bridges.red.ports, [link])
      await setUp({ red: { remove: true } }, unchecked, what === 'bond' ? { bond7: { remove: true } } : {})
      assert.equal((await links()).join().includes(link), false)
    })
  }

  test('killed before any of its commands, or while it waits, an agent undoes the change when it starts', async () => {
    await setUp({ red: { nic: 'veth_1', bridged: false, ipaddr: '10.5.0.2', prefix: 24 } })
    const before = await links()
    const asked = {
      red,
      blue: { nic: 'veth_2', ipaddr: '10.7.0.2', prefix: 24, defaultRoute: true, gateway: '10.7.0.1' },
    }
    let kills = 0
    // Each command that changes something names a device.
    for (let nth = 1, killed = true; killed && nth < 20; nth++) {
      agent.bed.at('ip', 'dev', `[ $n != ${nth} ] || kill -9 $PPID`)
      const outcome = setUp(asked, { connectivityTimeout: 60 }).catch(() => 'died')
      const waits = until(async () => !agent.process.alive() || (await isSetUp()), 60_000)
      await waits
      killed = !agent.process.alive()
      if (killed) kills++
      else await agent.kill()
      await outcome
      agent.bed.releaseAll()
      await agent.start()
      assert.deepEqual(await links(), before, `killed at command ${nth}`)
      assert.deepEqual(Object.keys((await caps()).networks), ['red'])
    }
    assert.ok(kills >= 4 && kills < 19, `${kills} commands`)
  })
  const isSetUp = async () => (await caps().catch(() => undefined))?.bridges.blue?.ipv4defaultroute === true

  test('an address, a gateway and name servers come from DHCP; a roll-back brings them back, a removal gives them back', async (t) => {
    const resolvConf = join(agent.host.dir, 'resolv.conf')
    const before = 'search example\nnameserver 192.0.2.53\n'
    writeFileSync(resolvConf, before)
    await ip('addr add 10.5.0.1/24 dev peer1')
    t.after(() => ip('addr del 10.5.0.1/24 dev peer1'))
    const options = ['--dhcp-range=10.5.0.50,10.5.0.60,255.255.255.0,1h', '--dhcp-option=6,10.5.0.2,10.5.0.3']
    const quiet = ['--no-daemon', '--conf-file=/dev/null', '--port=0', '--user=root', '--pid-file=', '--no-ping']
    const leases = `--dhcp-leasefile=${join(agent.host.dir, 'leases')}`
    const server = agent.host.spawn(['dnsmasq', ...quiet, '--interface=peer1', leases, ...options], { log: 'dhcp.log' })
    t.after(async () => {
      server.kill('SIGTERM')
      await server.exited
    })
    const isLeased = async () => /^10\.5\.0\.(5\d|60)$/.test((await caps()).networks.red.addr)
    const told = ['10.5.0.2', '10.5.0.3']

    await setUp({ red: { nic: 'veth_1', bootproto: 'dhcp', defaultRoute: true } })
    assert.ok(await until(isLeased, 30_000))
    const { networks, nameservers } = await caps()
    const { dhcpv4, gateway, ipv4defaultroute } = networks.red
    assert.deepEqual([dhcpv4, gateway, ipv4defaultroute, nameservers], [true, '10.5.0.1', true, told])
    const isTold = () => agent.events.some(({ method }) => method === '|net|host_conn|no_id')
    assert.ok(await until(isTold, 30_000), 'the engine is told to ask again')

    const fixed = { ...red, defaultRoute: true, nameservers: ['192.0.2.99'] }
    await assert.rejects(setUp({ red: fixed }, { connectivityTimeout: 0.2 }), refused(10, /connectivity check/))
    assert.ok(await until(isLeased, 30_000))
    assert.deepEqual((await caps()).nameservers, told)
    await agent.kill()
    await agent.start()
    assert.ok(await isLeased())

    await setUp({ red: fixed })
    assert.deepEqual((await caps()).networks.red.ipv4addrs, ['10.5.0.2/24'])
    assert.equal(readFileSync(resolvConf, 'utf8'), 'search example\nnameserver 192.0.2.99\n')
    await setUp({ red: { remove: true } })
    assert.equal(readFileSync(resolvConf, 'utf8'), before)
    assert.deepEqual(readdirSync(join(agent.host.dir, 'run/patchbay-agent/dhcp')), [])
  })

  test('an engine attaches a network, its properties reach the scripts; what cuts the host off is taken back', async (t) => {
    const engine = await startTestEngine(t)
    const { id: dataCenterId } = await engine.ask('POST', '/datacenters', { name: 'dc' })
    const data_center = { id: dataCenterId }
    const { id: clusterId } = await engine.ask('POST', '/clusters', { name: 'c', data_center })
    for (const name of ['lan', 'cut']) {
      const { id } = await engine.ask('POST', '/networks', { name, data_center, mtu: '1400' })
      await engine.ask('POST', `/clusters/${clusterId}/networks`, { id, required: 'false' })
    }
    const added = { name: 'a', address: agent.host.address, port: '54321', cluster: { id: clusterId } }
    const { id } = await engine.ask('POST', '/hosts', added)
    const host = `/hosts/${id}`
    assert.ok(await until(async () => (await engine.ask('GET', host)).status === 'up', 60_000))
    const setUpThere = (network: string, nic: string, address: string, timeoutS = 60) =>
      engine.send('POST', `${host}/setupnetworks`, {
        modified_network_attachments: {
          network_attachment: [
            {
              network: { name: network },
              host_nic: { name: nic },
              ip_address_assignments: {
                ip_address_assignment: [{ assignment_method: 'static', ip: { address, netmask: '255.255.255.0' } }],
              },
              properties: { property: [{ name: 'vni-range', value: '1-9' }] },
            },
          ],
        },
        check_connectivity: 'true',
        connectivity_timeout: `${timeoutS}`,
        commit_on_success: 'true',
      })

    const seen = join(agent.bed.dir, 'seen-of-engine')
    agent.bed.at('before_network_setup', '', `cp "$_hook_json" ${seen}`)
    const made = await setUpThere('lan', 'veth_1', '10.5.0.2')
    assert.equal(made.status, 200, made.text)
    assert.deepEqual(JSON.parse(readFileSync(seen, 'utf8')).request.networks.lan.custom, { 'vni-range': '1-9' })
    const [attachment] = await engine.list(`${host}/networkattachments`)
    assert.deepEqual([attachment.host_nic.name, attachment.in_sync], ['veth_1', 'true'], JSON.stringify(attachment))
    assert.equal((await caps()).netConfigDirty, 'False')

    const uplink = (await engine.list(`${host}/nics`)).find(({ ip }) => ip?.address === agent.host.address)
    const refusal = await setUpThere('cut', uplink.name, '10.99.0.9', 2)
    assert.equal(refusal.status, 400, refusal.text)
    assert.ok(await until(async () => (await engine.ask('GET', host)).status === 'up', 60_000))
    assert.deepEqual(Object.keys((await caps()).networks), ['lan'])
    assert.equal((await engine.list(`${host}/networkattachments`)).length, 1)
    assert.equal((await engine.send('DELETE', `${host}/networkattachments/${attachment.id}`)).status, 200)
    assert.deepEqual((await caps()).networks, {})
  })

  test('after a reboot, what was kept is there again; what was not kept is gone', async () => {
    await setUp({ red })
    await setUp({ blue: { nic: 'veth_2' } }, { connectivityCheck: false })
    await agent.kill()
    await ip('link del red', 'link del blue', 'link set veth_2 down')
    rmSync(join(agent.host.dir, 'run/patchbay-agent'), { recursive: true })
    mkdirSync(join(agent.host.dir, 'run/patchbay-agent'))
    const count = hooks().length
    await agent.start()
    const { networks, bridges, netConfigDirty } = await caps()
    assert.deepEqual(Object.keys(networks), ['red'])
    assert.deepEqual(bridges.red.ports, ['veth_1'])
    assert.equal(networks.red.addr, '10.5.0.2')
    assert.equal(netConfigDirty, 'False')
    assert.deepEqual(hooks().slice(count), ['hook before_network_setup', 'hook after_network_setup'])
  })
})
