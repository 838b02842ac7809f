// What port security keeps a guest from, and that nothing of it fails where port security is off.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eui64Address, formatAddress, parseCidr } from '@patchbay/networking-api/ip.ts'
import { atOnce } from '@patchbay/vif-driver/testing/lab-guest.ts'
import { until } from '../../../lab/until.ts'
import { linuxBridgeTrial, type Placed, skip } from '../testing/linux-bridge-trial.ts'
import { advertiseRouter, sendFrame, taggedArp, withoutPython } from '../testing/raw-frame.ts'
import { tardyNft } from '../testing/tardy-nft.ts'
import { leaseOf } from '../testing/udhcpc.ts'

const current = linuxBridgeTrial()
const spoofedMac = '02:00:00:00:66:66'
const spoofedAddress = '10.0.66.66'

interface Attempt {
  readonly what: string
  readonly skip?: string | undefined
  /** Whether the victim was deceived. */
  succeeds(evil: Placed, victim: Placed, patience: Patience): Promise<boolean>
}

/** What must succeed may take its time on a slow machine; what must not is not waited for long. */
interface Patience {
  readonly ping: readonly string[]
  readonly attempts: number
  readonly ms: number
}
const long: Patience = { ping: [], attempts: 20, ms: 20_000 }
const short: Patience = { ping: atOnce, attempts: 3, ms: 0 }

const attempts: Attempt[] = [
  {
    what: 'a foreign MAC address',
    async succeeds({ guest }, victim, { ping }) {
      await guest.exec(['ip', 'link', 'set', 'eth0', 'address', spoofedMac])
      return guest.reaches(victim.nic.address, ping)
    },
  },
  {
    what: 'a foreign IP address',
    async succeeds({ guest, nic }, victim, { ping }) {
      // No ARP in the way: each knows the other.
      await victim.guest.exec(['ip', 'neigh', 'replace', spoofedAddress, 'lladdr', nic.mac, 'dev', 'eth0'])
      await guest.exec(['ip', 'neigh', 'replace', victim.nic.address, 'lladdr', victim.nic.mac, 'dev', 'eth0'])
      await guest.exec(['ip', 'addr', 'add', `${spoofedAddress}/16`, 'dev', 'eth0'])
      return guest.reaches(victim.nic.address, [...ping, '-I', spoofedAddress])
    },
  },
  {
    what: 'ARP for a foreign IP address',
    async succeeds({ guest }, victim, { ping }) {
      await guest.exec(['ip', 'addr', 'add', `${spoofedAddress}/16`, 'dev', 'eth0'])
      await victim.guest.reaches(spoofedAddress, ping)
      return knowsSpoofed(victim)
    },
  },
  {
    what: 'ARP for a foreign IP address behind a VLAN tag',
    skip: withoutPython,
    async succeeds({ guest, nic }, victim, { ms }) {
      await sendFrame(guest, taggedArp({ mac: nic.mac, address: spoofedAddress }, victim.nic))
      // Frames of one CPU keep their order: once this one is answered, the other one has as good as arrived.
      assert(await guest.reaches(victim.nic.address))
      return until(() => knowsSpoofed(victim), ms)
    },
  },
  {
    what: 'a DHCP server of its own',
    async succeeds({ guest }, victim, { attempts }) {
      const pidFile = `${guest.host.dir}/rogue.pid`
      const range = `--dhcp-range=${spoofedAddress},${spoofedAddress},255.255.0.0`
      const options = [
        '-C',
        '/dev/null',
        '-p',
        '0',
        '-i',
        'eth0',
        '-z',
        '-x',
        pidFile,
        '--leasefile-ro',
        '--no-ping',
        range,
      ]
      await guest.exec(['dnsmasq', ...options])
      try {
        return (await leaseOf(victim.guest, { attempts }))?.ip === spoofedAddress
      } finally {
        await guest.host.exec(['sh', '-c', `kill -9 $(cat ${pidFile})`])
      }
    },
  },
]

for (const { what, skip: skipped = skip, succeeds } of attempts) {
  test(`a guest with port security cannot use ${what}`, { skip: skipped }, async () => {
    const { evil, victim } = await adversaries({ port_security_enabled: true })
    assert(await evil.guest.reaches(victim.nic.address))
    assert.equal(await succeeds(evil, victim, short), false)
  })

  test(`a guest without port security can use ${what}`, { skip: skipped }, async () => {
    const { evil, victim } = await adversaries({ port_security_enabled: false })
    assert.equal(await succeeds(evil, victim, long), true)
  })
}

test('a guest with port security and two addresses can use both', { skip }, async () => {
  const second = '10.0.7.7'
  const { evil, victim } = await adversaries({ fixed_ips: [{ ip_address: '10.0.7.6' }, { ip_address: second }] })
  assert(await evil.guest.reaches(victim.nic.address, ['-I', second]))
})

test('a guest with port security can use the addresses of its allowed address pairs', { skip }, async () => {
  const allowed_address_pairs = [{ ip_address: '10.0.8.0/24' }]
  const { evil, victim } = await adversaries({ allowed_address_pairs })
  await evil.guest.exec(['ip', 'addr', 'add', '10.0.8.8/16', 'dev', 'eth0'])
  assert(await evil.guest.reaches(victim.nic.address, ['-I', '10.0.8.8']))
})

test('guests with port security speak IPv6 to each other, and find addresses of their own free', { skip }, async () => {
  const { evil: one, victim: other } = await adversaries({ allowed_address_pairs: [{ ip_address: 'fd00::1' }] })
  await other.guest.exec(['ip', 'addr', 'add', linkLocalOf(other), 'dev', 'eth0', 'nodad'])
  // The kernel uses them once nobody has answered to its neighbour solicitations.
  for (const address of [linkLocalOf(one), 'fd00::1/64'])
    await one.guest.exec(['ip', 'addr', 'add', address, 'dev', 'eth0'])
  const isFree = async () => !/tentative/.test(await one.guest.exec(['ip', '-6', 'addr', 'show', 'dev', 'eth0']))
  assert(await until(isFree, 30_000))
  assert.doesNotMatch(await one.guest.exec(['ip', '-6', 'addr', 'show', 'dev', 'eth0']), /dadfailed/)
  assert(await one.guest.reaches(`${linkLocalOf(other).split('/')[0]}%eth0`))
  await other.guest.exec(['ip', 'route', 'add', 'fd00::/64', 'dev', 'eth0'])
  assert(await other.guest.reaches('fd00::1'))
})

for (const isSecure of [true, false]) {
  const sentence = isSecure
    ? 'a guest with port security cannot use a foreign IPv6 address, nor be a router'
    : 'a guest without port security can use a foreign IPv6 address, and be a router'
  test(sentence, {
    skip: skip ?? withoutPython,
  }, async () => {
    const { ping, ms } = isSecure ? short : long
    const victims = { allowed_address_pairs: [{ ip_address: 'fd00::2' }] }
    const { evil, victim } = await adversaries({ port_security_enabled: isSecure }, victims)
    const spoofed = 'fd00::66'
    const add = (one: Placed, address: string) => one.guest.exec(['ip', 'addr', 'add', address, 'dev', 'eth0', 'nodad'])
    for (const one of [evil, victim]) await add(one, linkLocalOf(one))
    await add(evil, `${spoofed}/64`)
    await add(victim, 'fd00::2/64')
    assert.equal(await victim.guest.reaches(spoofed, ping), !isSecure, 'a neighbour advertisement for it')
    const knows = (one: Placed, address: string, { nic }: Placed) =>
      one.guest.exec(['ip', 'neigh', 'replace', address, 'lladdr', nic.mac, 'dev', 'eth0'])
    await knows(victim, spoofed, evil)
    await knows(evil, 'fd00::2', victim)
    assert.equal(await evil.guest.reaches('fd00::2', [...ping, '-I', spoofed]), !isSecure, 'frames from it')
    await advertiseRouter(evil.guest)
    // Frames of one CPU keep their order: once this one is answered, the other one has as good as arrived.
    assert(await evil.guest.reaches(`${linkLocalOf(victim).split('/')[0]}%eth0`))
    const routes = () => victim.guest.exec(['ip', '-6', 'route', 'show', 'default'])
    const hasRouter = async () => /via fe80::/.test(await routes())
    assert.equal(await until(hasRouter, ms), !isSecure, 'a router advertisement')
  })
}

test('a guest with port security and no address speaks DHCP and nothing else', { skip }, async () => {
  const { plugged } = current()
  const mute = await plugged({ fixed_ips: [] })
  const peer = await plugged()
  await mute.guest.exec(['ip', 'addr', 'add', `${spoofedAddress}/16`, 'dev', 'eth0'])
  assert(!(await mute.guest.reaches(peer.nic.address, atOnce)))
  assert.equal((await leaseOf(peer.guest))?.ip, peer.nic.address)
})

test('port security that was switched on or off applies with the next plug', { skip }, async () => {
  const { bed, trial } = current()
  const { evil, victim } = await adversaries({ port_security_enabled: true })
  await evil.guest.exec(['ip', 'addr', 'add', `${spoofedAddress}/16`, 'dev', 'eth0'])
  for (const enabled of [false, true]) {
    await bed.provider.client.ports.update(evil.nic.port.id, { port_security_enabled: enabled })
    await evil.on.call('plug_device', 'before')
    assert.equal(await victim.guest.reaches(spoofedAddress, enabled ? atOnce : []), !enabled)
    await victim.guest.exec(['ip', 'neigh', 'flush', 'dev', 'eth0'])
  }
  for (const { on } of [evil, victim]) await on.unplug()
  await trial.assertNothingLeft()
})

test('a port that comes while the last one goes keeps its port security', { skip }, async () => {
  const { bed, hosts, placed, trial } = current()
  const tardy = tardyNft(hosts[0].lab.dir)
  const { driver, kill } = await hosts[0].startDriver({}, tardy.env)
  const [leaving, coming] = [await placed(), await placed({ network_id: (await bed.newNetwork()).id })]
  for (const { on } of [leaving, coming]) on.use(driver)
  await leaving.on.call('plug_device', 'before')
  const going = leaving.on.call('unplug_device', 'after')
  assert(await until(tardy.isDeleting, 20_000))
  await coming.on.call('plug_device', 'before')
  await going
  const { stdout } = await hosts[0].lab.exec(['nft', 'list', 'table', 'bridge', 'patchbay-linux-bridge'])
  assert.match(stdout, new RegExp(`chain port-${coming.nic.port.id} `))
  await coming.on.call('unplug_device', 'after')
  await trial.assertNothingLeft()
  await kill()
  for (const { on } of [leaving, coming]) on.use(trial.driverOn(hosts[0]))
})

/** With prefix length. */
const linkLocalOf = ({ nic: { mac } }: Placed) => `${formatAddress(eui64Address(parseCidr('fe80::/64')!, mac))}/64`

/** The victim believes that somebody on its network has the address. */
async function knowsSpoofed({ guest }: Placed): Promise<boolean> {
  return /lladdr/.test(await guest.exec(['ip', 'neigh', 'show', spoofedAddress]))
}

/** A guest that may try what it wants, and one on the other host. Nobody but them serves DHCP on their network. */
async function adversaries(port: object, victims = {}): Promise<{ evil: Placed; victim: Placed }> {
  const { plugged, hosts, bed } = current()
  const { id: network_id } = await bed.newNetwork({}, { enable_dhcp: false })
  return { evil: await plugged({ network_id, ...port }), victim: await plugged({ network_id, ...victims }, hosts[1]) }
}
