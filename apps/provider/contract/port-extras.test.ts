// Allowed address pairs and extra DHCP options of ports, where the data plane heeds them and where it does not.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startTestProvider, testBackend } from '../testing/test-provider.ts'
import { startServices } from '../testing/test-services.ts'

const mac = '02:00:00:00:00:01'
const otherMac = '02:00:00:00:00:02'

async function start(t: TestContext) {
  const { networks, ports } = await startServices(t, { portExtras: ['allowed_address_pairs', 'extra_dhcp_opts'] })
  const network = await networks.create({})
  const create = (attributes: object) => ports.create({ network_id: network.id, mac_address: mac, ...attributes })
  return { create, update: ports.update }
}

/** The error that a rejected promise carries. */
const refusal = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    (value) => assert.fail(`was answered: ${JSON.stringify(value)}`),
    (reason) => reason,
  )
  return [error.status, error.type, error.message]
}

test('an address pair without a MAC gets that of the port', async (t) => {
  const { create, update } = await start(t)
  const port = await create({
    allowed_address_pairs: [
      { ip_address: '10.0.0.9' },
      { ip_address: '10.1.0.0/16', mac_address: '02-00-00-00-00-02' },
    ],
  })
  assert.deepEqual(port.allowed_address_pairs, [
    { ip_address: '10.0.0.9', mac_address: mac },
    { ip_address: '10.1.0.0/16', mac_address: otherMac },
  ])
  const moved = await update(port.id, { mac_address: otherMac, allowed_address_pairs: [{ ip_address: 'FD00::0:1' }] })
  assert.deepEqual(moved.allowed_address_pairs, [{ ip_address: 'fd00::1', mac_address: otherMac }])
  assert.deepEqual((await update(port.id, { name: 'x' })).allowed_address_pairs, moved.allowed_address_pairs)
  assert.deepEqual((await update(port.id, { allowed_address_pairs: null })).allowed_address_pairs, [])
})

test('address pairs that cannot be are refused', async (t) => {
  const { create } = await start(t)
  const bad = (reason: string) => `Invalid input for allowed_address_pairs. Reason: ${reason}.`
  const pair = { ip_address: '10.0.0.9' }
  for (const [pairs, type, message] of [
    ['x', 'HTTPBadRequest', bad('Allowed address pairs must be a list')],
    [['x'], 'HTTPBadRequest', bad("'x' is not a dictionary")],
    [[{ ip_address: 'abc' }], 'HTTPBadRequest', bad("'abc' is not a valid IP address")],
    [[{ ip_address: 5 }], 'HTTPBadRequest', bad("'5' is not a valid IP address")],
    [[{ ip_address: '10.0.0.0/33' }], 'HTTPBadRequest', bad("'10.0.0.0/33' is not a valid IP subnet")],
    [
      [{ ip_address: '10.0.0.9/8' }],
      'HTTPBadRequest',
      bad("'10.0.0.9/8' isn't a recognized IP subnet cidr, '10.0.0.0/8' is recommended"),
    ],
    [[{ ...pair, mac_address: 'zz' }], 'HTTPBadRequest', bad("'zz' is not a valid MAC address")],
    [[{ ...pair, bogus: 1 }], 'HTTPBadRequest', bad("Unrecognized attribute(s) 'bogus'")],
    [[{ mac_address: mac }], 'AllowedAddressPairsMissingIP', 'AllowedAddressPair must contain ip_address'],
    [
      [pair, pair],
      'DuplicateAddressPairInRequest',
      'Request contains duplicate address pair: mac_address None ip_address 10.0.0.9.',
    ],
    [
      Array.from({ length: 11 }, (_, at) => ({ ip_address: `10.0.0.${at}` })),
      'AllowedAddressPairExhausted',
      'The number of allowed address pair exceeds the maximum 10.',
    ],
  ] as const)
    assert.deepEqual(await refusal(create({ allowed_address_pairs: pairs })), [400, type, message])
})

test('address pairs need port security, whichever comes first', async (t) => {
  const { create, update } = await start(t)
  const pairs = { allowed_address_pairs: [{ ip_address: '10.0.0.9' }] }
  const conflict = [
    409,
    'AddressPairAndPortSecurityRequired',
    'Port Security must be enabled in order to have allowed address pairs on a port.',
  ]
  assert.deepEqual(await refusal(create({ ...pairs, port_security_enabled: false })), conflict)
  const port = await create(pairs)
  assert.deepEqual(await refusal(update(port.id, { port_security_enabled: false })), conflict)
  const open = await update(port.id, { port_security_enabled: false, allowed_address_pairs: [] })
  assert.equal(open.port_security_enabled, false)
  assert.deepEqual(await refusal(update(port.id, pairs)), conflict)
})

test('an update changes the DHCP options that it names', async (t) => {
  const { create, update } = await start(t)
  const boot = { opt_name: 'bootfile-name', opt_value: 'pxelinux.0', ip_version: 4 }
  const tftp = { opt_name: 'tftp-server', opt_value: '10.0.0.1', ip_version: 4 }
  const port = await create({
    extra_dhcp_opts: [
      { opt_name: 'bootfile-name', opt_value: 'pxelinux.0' },
      { ...tftp, opt_value: null },
    ],
  })
  assert.deepEqual(port.extra_dhcp_opts, [boot])
  for (const [change, expected] of [
    [[tftp], [boot, tftp]],
    [[{ ...boot, opt_value: 'grub' }], [{ ...boot, opt_value: 'grub' }, tftp]],
    [
      [{ ...boot, opt_value: '59', ip_version: '6' }],
      [{ ...boot, opt_value: 'grub' }, tftp, { ...boot, opt_value: '59', ip_version: 6 }],
    ],
    [[{ ...boot, opt_value: null }], [tftp, { ...boot, opt_value: '59', ip_version: 6 }]],
    [
      [{ opt_name: 'router', opt_value: '' }],
      [tftp, { ...boot, opt_value: '59', ip_version: 6 }, { opt_name: 'router', opt_value: '', ip_version: 4 }],
    ],
    [null, [tftp, { ...boot, opt_value: '59', ip_version: 6 }, { opt_name: 'router', opt_value: '', ip_version: 4 }]],
  ] as const)
    assert.deepEqual((await update(port.id, { extra_dhcp_opts: change })).extra_dhcp_opts, expected)
})

test('DHCP options that cannot be are refused', async (t) => {
  const { create } = await start(t)
  for (const [option, reason] of [
    ['x', /no DHCP option/],
    [{ opt_name: 'a' }, /no DHCP option/],
    [{ opt_value: 'a' }, /no DHCP option/],
    [{ opt_name: 'a', opt_value: 'b', more: 1 }, /Unexpected keys supplied: more/],
    [{ opt_name: '', opt_value: 'b' }, /Blank strings/],
    [{ opt_name: 'a', opt_value: ' ' }, /Blank strings/],
    [{ opt_name: 'a', opt_value: 'b\ndhcp-script=/bin/sh' }, /Multi-line/],
    [{ opt_name: 'x'.repeat(65), opt_value: 'b' }, /exceeds maximum length of 64/],
    [{ opt_name: 'a', opt_value: 'x'.repeat(256) }, /exceeds maximum length of 255/],
    [{ opt_name: 'a', opt_value: 5 }, /not a valid string/],
    [{ opt_name: 'a', opt_value: 'b', ip_version: 5 }, /5 is not in 4, 6/],
  ] as const) {
    const [status, type, message] = await refusal(create({ extra_dhcp_opts: [option] }))
    assert.deepEqual([status, type], [400, 'HTTPBadRequest'])
    assert.match(message, reason)
  }
})

/** How an option that is none is answered: by a data plane that sends none at all, and by one that knows its own. */
const unheeded = {
  embedded: [
    501,
    'HTTPNotImplemented',
    "The attribute 'extra_dhcp_opts' of ports is not supported by this provider.",
  ] as const,
  ovn: [400, 'HTTPBadRequest', /^Invalid input for extra_dhcp_opts\. Reason: OVN has no DHCPv4 option 'a'/] as const,
}[testBackend]

test('what the data plane would not heed is refused, not kept', async (t) => {
  const { send } = await startTestProvider(t)
  const { network } = (await send('POST', '/networks', { network: {} })).body
  const { port } = (await send('POST', '/ports', { port: { network_id: network.id, allowed_address_pairs: [] } })).body
  assert.deepEqual([port.allowed_address_pairs, port.extra_dhcp_opts], [[], []])
  for (const [change, status, type, message] of [
    [{ extra_dhcp_opts: [{ opt_name: 'a', opt_value: 'b' }] }, ...unheeded],
    [
      { 'binding:vnic_type': 'direct' },
      501,
      'HTTPNotImplemented',
      "A port with binding:vnic_type 'direct' is not supported by this provider.",
    ],
    [
      { 'binding:vnic_type': 'bogus' },
      400,
      'HTTPBadRequest',
      /^Invalid input for binding:vnic_type\. Reason: bogus is not in normal, /,
    ],
  ] as const)
    for (const [method, path, attributes] of [
      ['POST', '/ports', { network_id: network.id, ...change }],
      ['PUT', `/ports/${port.id}`, change],
    ] as const) {
      const { status: answered, body } = await send(method, path, { port: attributes })
      assert.deepEqual([answered, body.NeutronError?.type], [status, type], `${method} ${JSON.stringify(change)}`)
      if (typeof message === 'string') assert.equal(body.NeutronError.message, message)
      else assert.match(body.NeutronError.message, message)
    }
  assert.deepEqual((await send('GET', '/ports')).body.ports, [port])
})
