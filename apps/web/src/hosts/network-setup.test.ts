import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AttachmentForm,
  attachable,
  attachmentForm,
  attachmentMistakes,
  attachmentRequest,
  blankBond,
  bondMistakes,
  bondRequest,
  type HostNic,
  kindOf,
} from './network-setup.ts'

const form: AttachmentForm = { ...attachmentForm(), networkId: 'n', nicId: 'i' }
const nic = (name: string, more: Partial<HostNic> = {}): HostNic => ({ id: name, href: '', name, ...more })
const nics = [
  nic('eth0'),
  nic('eth1'),
  nic('eth2'),
  nic('eth0.7', { base_interface: 'eth0', vlan: { id: 7 } }),
  nic('bond1', { bonding: { slaves: [{ name: 'eth1' }, { name: 'eth2' }] } }),
]

test('networks go to NICs and bonds, not to VLANs and members of bonds', () => {
  assert.deepEqual(
    attachable(nics).map(({ name }) => name),
    ['eth0', 'bond1'],
  )
  assert.deepEqual(nics.slice(2).map(kindOf), ['NIC', 'VLAN 7 on eth0', 'bond of eth1, eth2'])
})

test('only a static address has to be one', () => {
  assert.deepEqual(attachmentMistakes({ ...form, method: 'dhcp', address: 'x' }), {})
  const mistakes = attachmentMistakes({ ...form, method: 'static', address: '10.0.0.256', gateway: 'x' })
  assert.deepEqual(Object.keys(mistakes), ['address', 'gateway'])
})

test('an attachment is asked for with its address and name servers', () => {
  const request = attachmentRequest({
    ...form,
    method: 'static',
    address: ' 10.0.0.1 ',
    nameServers: '1.1.1.1, ,9.9.9.9',
    commit: false,
  })
  assert.deepEqual(request, {
    modified_network_attachments: {
      network_attachment: [
        {
          network: { id: 'n' },
          host_nic: { id: 'i' },
          ip_address_assignments: {
            ip_address_assignment: [
              { assignment_method: 'static', ip: { address: '10.0.0.1', netmask: '255.255.255.0' } },
            ],
          },
          dns_resolver_configuration: { name_servers: { name_server: ['1.1.1.1', '9.9.9.9'] } },
        },
      ],
    },
    check_connectivity: 'true',
    commit_on_success: 'false',
  })
})

test('of an attachment that is there, what was changed is asked for', () => {
  const request = attachmentRequest({ ...form, nameServers: '1.1.1.1' }, { id: 'a', before: form })
  const changes = { id: 'a', dns_resolver_configuration: { name_servers: { name_server: ['1.1.1.1'] } } }
  assert.deepEqual(request, {
    modified_network_attachments: { network_attachment: [changes] },
    check_connectivity: 'true',
    commit_on_success: 'true',
  })
})

test('a bond has a name, a mode and two interfaces or more', () => {
  assert.deepEqual(Object.keys(bondMistakes({ ...blankBond, name: 'team0', members: ['eth0'] })), ['name', 'members'])
  const members = ['eth0', 'eth1']
  assert.deepEqual(bondMistakes({ ...blankBond, members }), {})
  const { modified_bonds } = bondRequest({ ...blankBond, members })
  assert.deepEqual(modified_bonds.host_nic[0]!.bonding.options.option, [{ name: 'mode', value: '1' }])
})
