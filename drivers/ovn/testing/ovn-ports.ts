// What a provider on OVN makes for an engine, made by ovn-nbctl.
import { randomUUID } from 'node:crypto'
import { type TestNic, type TestVm, testNic, testVm } from '../../../apps/agent/testing/vm-xml.ts'
import type { OvnCentral } from '../../../lab/data-planes/ovn-central.ts'

/** A network with DHCP, 10.0.0.0/24. */
export async function addNetwork({ nbctl }: OvnCentral): Promise<void> {
  await nbctl('ls-add', 'net')
  const options = ['server_id=10.0.0.1', 'server_mac=02:00:00:00:00:fe', 'lease_time=3600']
  const row = options.map((option) => `options:${option.replace('=', '="')}"`)
  await nbctl('--id=@dhcp', 'create', 'DHCP_Options', 'cidr=10.0.0.0/24', ...row)
}

/** The nth VM, with a port of the network for its NIC. */
export async function vmWithPort(central: OvnCentral, n: number): Promise<{ portId: string; vm: TestVm }> {
  const nic = await nicWithPort(central, n, 0)
  return { portId: nic.custom!.vnic_id!, vm: { ...testVm(n, 0), nics: [nic] } }
}

/** A NIC for the nth VM, with a port of the network. */
export async function nicWithPort({ nbctl }: OvnCentral, n: number, index: number): Promise<TestNic> {
  const portId = randomUUID()
  const { mac } = testNic(n, index)
  const dhcp = await nbctl('--bare', '--columns=_uuid', 'find', 'DHCP_Options')
  await nbctl('lsp-add', 'net', portId, '--', 'lsp-set-addresses', portId, `${mac} 10.0.0.${10 * n + index}`)
  await nbctl('lsp-set-dhcpv4-options', portId, dhcp)
  const custom = { vnic_id: portId, provider_type: 'EXTERNAL_NETWORK', plugin_type: 'OVIRT_PROVIDER_OVN' }
  return testNic(n, index, { custom })
}
