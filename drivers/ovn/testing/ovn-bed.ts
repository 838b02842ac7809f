// Two chassis of a laboratory with the ovn driver, a network in OVN, and guests with real NICs.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { BedNic, DriverBed } from '@patchbay/vif-driver/conformance/bed.ts'
import {
  carriesPing,
  type LabBedHost,
  type LabNic,
  labBedHost,
  labNic,
} from '@patchbay/vif-driver/testing/lab-bed-host.ts'
import { type OvnDataPlane, startOvnDataPlane } from '../../../lab/data-planes/ovn-data-plane.ts'
import { createLab, type Lab } from '../../../lab/lab.ts'

export interface OvnBed extends DriverBed {
  readonly lab: Lab
  readonly ovn: OvnDataPlane
  readonly hosts: readonly LabBedHost[]
  newNic(): Promise<LabNic>
  /** Says, as a provider does, on which hosts OVN may have a port; during a move they are two. */
  request(nic: BedNic, hosts: readonly string[]): Promise<void>
}

export async function openOvnBed(): Promise<OvnBed> {
  await using started = new AsyncDisposableStack()
  const lab = started.use(await createLab({ hosts: ['host-a', 'host-b'] }))
  const ovn = await startOvnDataPlane(lab)
  await ovn.central.nbctl('ls-add', 'net')
  const request: OvnBed['request'] = async ({ properties }, hosts) => {
    const strategy = hosts.length > 1 ? ['activation-strategy=rarp'] : []
    const options = [`requested-chassis=${hosts.join(',')}`, ...strategy]
    await ovn.central.nbctl('lsp-set-options', properties.vnic_id, ...options)
  }
  const path = join(import.meta.dirname, '../driver.ts')
  const hosts = lab.hosts.map((host) => ovnHost(labBedHost(host, { path }), ovn, request))
  const stack = started.move()
  return {
    lab,
    ovn,
    hosts,
    request,
    newNic: addPort(ovn),
    async carries(from, to) {
      // A host is told when its own switch is ready, not when the others are: they follow some milliseconds later.
      await ovn.central.nbctl('--wait=hv', 'sync')
      return carriesPing(from, to)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Each with another MAC address, and another address in 10.0.0.0/16. */
function addPort({ central }: OvnDataPlane): () => Promise<LabNic> {
  let last = 0
  return async () => {
    const number = ++last
    const id = randomUUID()
    const mac = `02:00:00:00:02:${number.toString(16).padStart(2, '0')}`
    const address = `10.0.0.${number}`
    await central.nbctl('lsp-add', 'net', id, '--', 'lsp-set-addresses', id, `${mac} ${address}`)
    return labNic({ id, mac, addresses: [`${address}/16`], pluginType: 'OVIRT_PROVIDER_OVN' })
  }
}

/** Where each NIC has an interface now, in the order in which they were made. */
const homes = new Map<string, string[]>()

/** A host that tells OVN of the guests that come and go, as engine and provider do. */
function ovnHost(host: LabBedHost, { chassis }: OvnDataPlane, request: OvnBed['request']): LabBedHost {
  const { name } = host
  const move = async (nic: BedNic, at: readonly string[]) => {
    homes.set(nic.properties.vnic_id, [...at])
    if (at.length > 0) await request(nic, at)
  }
  const at = (nic: BedNic) => (homes.get(nic.properties.vnic_id) ?? []).filter((home) => home !== name)
  return {
    ...host,
    async makeInterface(nic, domxml) {
      await move(nic, [...at(nic), name])
      await host.makeInterface(nic, domxml)
    },
    async removeInterface(nic) {
      await host.removeInterface(nic)
      await move(nic, at(nic))
    },
    async traces() {
      const ports = (await chassis.get(name)!.vsctl('list-ports', 'br-int')).split('\n')
      return [...(await host.traces()), ...ports.map((port) => `port ${port} of br-int`)]
    },
  }
}
