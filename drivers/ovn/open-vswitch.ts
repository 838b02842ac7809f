// This host's Open vSwitch, by its database: the bridge that OVN works on, its ports, and what is known of each.
import { Replica } from '@patchbay/ovsdb/cache/replica.ts'
import { OvsdbClient } from '@patchbay/ovsdb/client.ts'
import { openVSwitch } from '@patchbay/ovsdb/generated/open-vswitch.ts'
import { UncertainOutcomeError } from '@patchbay/ovsdb/session/uncertain-outcome.ts'
import { operationsOn } from '@patchbay/ovsdb/wire/operations/operation-builders.ts'
import type { Operation } from '@patchbay/ovsdb/wire/operations/operations.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'

export interface OpenVswitch extends AsyncDisposable {
  /** What the host says of itself. As it was, where the database is away just now. */
  chassis(): Promise<Chassis>
  /** The bridge that ovn-controller works on. */
  integrationBridge(): Promise<Bridge>
  /** Puts a tap on the bridge, or gives the port that a hypervisor made the right ids. Repeated, it changes nothing. */
  connect(bridge: Bridge, port: SwitchPort): Promise<void>
  /** Removes all ports with this interface id. Resolves when the database has none. */
  disconnect(portId: string): Promise<void>
  /** The interface with this id as it is now. */
  interfaceOf(portId: string): SwitchInterface | undefined
  /** Resolves when `holds`; throws a WaitTimeoutError when it does not. */
  waitFor(portId: string, holds: (port: SwitchInterface | undefined) => boolean, timeoutMs: number): Promise<void>
  /** Counters of an interface, from the switch's point of view: rx is what it received from the guest. */
  statistics(port: SwitchInterface): Promise<Readonly<Record<string, number>>>
}

export interface Chassis {
  /** By which OVN knows it; undefined on a host that is not set up for OVN. */
  readonly id: string | undefined
  readonly hostname: string | undefined
  /** OVSDB remotes of OVN's southbound database, with commas between. */
  readonly southbound: string | undefined
  readonly bridge: string
}

export interface Bridge {
  readonly _uuid: string
  readonly name: string
  readonly datapath_type: string
}

export interface SwitchPort {
  readonly tap: string
  readonly portId: string
  readonly mac: string
  readonly vmId: string
}

export interface SwitchInterface {
  readonly _uuid: string
  readonly name: string
  readonly external_ids: Readonly<Record<string, string>>
  /** null: ovs-vswitchd has not looked at it. -1: it could not take it. */
  readonly ofport: number | null
  readonly error: string | null
  readonly link_state: 'up' | 'down' | null
}

const ovs = operationsOn(openVSwitch)
const boundMs = 5_000

/** Connects in the background, and again whenever it has to. Everything rejects with host-setup where it cannot. */
export function openVswitch(remote: string): OpenVswitch {
  const times = { requestMs: boundMs, backoffMaxMs: 500 }
  const client = new OvsdbClient({ remotes: [remote], database: openVSwitch, times })
  const replica = new Replica(client, {
    tables: {
      Open_vSwitch: ['external_ids'],
      Bridge: ['name', 'datapath_type', 'ports'],
      Port: ['interfaces'],
      Interface: ['name', 'external_ids', 'ofport', 'error', 'link_state'],
    },
  })
  const bridges = replica.table('Bridge').index('name')
  const bridgesOf = replica.table('Bridge').index('ports')
  const portsOf = replica.table('Port').index('interfaces')
  const byName = replica.table('Interface').index('name')
  const byId = replica.table('Interface').index(({ external_ids }) => external_ids['iface-id'])

  async function inStep(timeoutMs = boundMs): Promise<void> {
    try {
      await client.whenConnected({ timeoutMs })
      await replica.whenSynced({ timeoutMs })
    } catch (error) {
      throw unreachable(error)
    }
  }

  /** Carries out what is missing until nothing is: also when a connection breaks and the outcome is not known. */
  async function converge(missing: () => readonly Operation[]): Promise<void> {
    const deadline = performance.now() + boundMs
    const restMs = () => Math.max(1, deadline - performance.now())
    for (;;) {
      await inStep(restMs())
      const operations = missing()
      if (operations.length === 0) return
      if (performance.now() > deadline) throw unreachable(new Error(`what was written did not stay for ${boundMs} ms`))
      await replica.transactAndWait(operations, { timeoutMs: restMs() }).catch((error) => {
        if (!(error instanceof UncertainOutcomeError)) throw unreachable(error)
      })
    }
  }

  function toConnect(bridge: Bridge, port: SwitchPort): Operation[] {
    const ids = idsOf(port)
    const known = byName.get(port.tap)
    if (!known) return insertion(bridge, port, ids)
    if (Object.entries(ids).every(([key, value]) => known.external_ids[key] === value)) return []
    const change = [
      ['external_ids', 'delete', Object.keys(ids)],
      ['external_ids', 'insert', ids],
    ] as const
    return [ovs.mutate('Interface', [['_uuid', '==', known._uuid]], change)]
  }

  /** A port goes with the bridge's reference to it, and takes its interface along. */
  function toDisconnect(portId: string): Operation[] {
    const ports = byId.all(portId).flatMap(({ _uuid }) => portsOf.all(_uuid))
    return ports.flatMap(({ _uuid: port }) =>
      bridgesOf
        .all(port)
        .map((bridge) => ovs.mutate('Bridge', [['_uuid', '==', bridge._uuid]], [['ports', 'delete', port]])),
    )
  }

  async function chassis(): Promise<Chassis> {
    const known = () => replica.table('Open_vSwitch').rows().next().value
    await inStep().catch((error) => {
      if (!known()) throw error
    })
    return chassisOf(known()?.external_ids ?? {})
  }

  return {
    chassis,
    async integrationBridge() {
      await inStep()
      const { bridge: name } = await chassis()
      const bridge = bridges.get(name)
      if (bridge) return bridge
      throw new DriverError('host-setup', `Open vSwitch has no bridge ${name}: does ovn-controller run on this host?`)
    },
    connect: (bridge, port) => converge(() => toConnect(bridge, port)),
    disconnect: (portId) => converge(() => toDisconnect(portId)),
    interfaceOf: (portId) => byId.get(portId),
    waitFor: async (portId, holds, timeoutMs) =>
      void (await replica.waitFor(() => holds(byId.get(portId)), { timeoutMs })),
    async statistics({ _uuid }) {
      const select = ovs.select('Interface', [['_uuid', '==', _uuid]], ['statistics'])
      const [{ rows }] = await client.transact([select]).catch((error) => {
        throw unreachable(error)
      })
      return rows[0]?.statistics ?? {}
    },
    async [Symbol.asyncDispose]() {
      replica.close()
      await client.close()
    },
  }
}

/** As libvirt writes them for an interface with a virtualport. */
const idsOf = ({ portId, mac, vmId }: SwitchPort) => ({
  'iface-id': portId,
  'attached-mac': mac,
  'vm-id': vmId,
  'iface-status': 'active',
})

/** Transient: a switch that starts after a reboot forgets the port, whose tap is gone (ovs-ctl --delete-transient-ports). */
function insertion(bridge: Bridge, { tap }: SwitchPort, ids: Readonly<Record<string, string>>): Operation[] {
  return [
    ovs.insert('Interface', { name: tap, external_ids: ids }, { name: 'interface' }),
    ovs.insert('Port', { name: tap, interfaces: ['interface'], other_config: { transient: 'true' } }, { name: 'port' }),
    ovs.mutate('Bridge', [['_uuid', '==', bridge._uuid]], [['ports', 'insert', 'port']]),
  ]
}

function chassisOf(ids: Readonly<Record<string, string>>): Chassis {
  return {
    id: ids['system-id'] || undefined,
    hostname: ids.hostname || undefined,
    southbound: ids['ovn-remote'] || undefined,
    bridge: ids['ovn-bridge'] || 'br-int',
  }
}

function unreachable(cause: unknown): DriverError {
  return new DriverError('host-setup', `Open vSwitch's database: ${(cause as Error).message}`, { cause })
}
