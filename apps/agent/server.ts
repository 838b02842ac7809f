// The agent's servers: the VDSM API, and health and metrics over HTTP.

import { randomUUID } from 'node:crypto'
import { createHttp, createMetrics } from '@patchbay/service/http.ts'
import type { Method } from '@patchbay/vdsm-rpc/calls/call-dispatcher.ts'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { createVdsmServer, type VdsmServer } from '@patchbay/vdsm-rpc/server.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { type CommandEnded, commands } from '@patchbay/vif-driver/command.ts'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { Gauge, Histogram } from 'prom-client'
import { certificateVerbs } from './api/certificate-verbs.ts'
import { driverVerbs } from './api/driver-verbs.ts'
import { hardwareVerbs } from './api/hardware-verbs.ts'
import { hostVerbs } from './api/host-verbs.ts'
import { networkVerbs } from './api/network-verbs.ts'
import { vmVerbs } from './api/vm-verbs.ts'
import type { Context } from './context.ts'
import { type DriverCallEnded, driverCalls } from './drivers/nic-drivers.ts'
import { notifyTime } from './stats/vdsm-time.ts'
import { toldStatus } from './vm-records/vm-record.ts'

export interface Readiness {
  /** False until the VMs of before the start are recovered: calls are answered with code 99 until then. */
  ready: boolean
}

export function createApiServer(context: Context, readiness: Readiness, logger: Logger): VdsmServer {
  const { pki } = context.config
  const taken = (identity: TlsIdentity) => () => {
    server.setIdentity(identity)
    return context.hypervisor.identityChanged()
  }
  const verbs = {
    ...hostVerbs(context),
    ...networkVerbs(context),
    ...vmVerbs(context),
    ...hardwareVerbs(context),
    ...driverVerbs(context.packages),
    ...(pki && certificateVerbs(pki, taken(pki.identity))),
  }
  const methods = Object.fromEntries(
    Object.entries(verbs).map(([name, verb]): [string, Method] => [
      name,
      async (params, call) => {
        if (!readiness.ready) throw vdsmError('RecoveryInProgress')
        return verb(params, call)
      },
    ]),
  )
  const server: VdsmServer = createVdsmServer({ methods, positions, logger, tls: context.config.tls })
  context.vmListeners.add((vm, news) => {
    const { vmId, status, exit, migration } = vm
    if (news === 'progress') {
      const told = { progress: migration?.progress ?? 0, postcopy: false }
      server.emit(`|virt|VM_migration_status|${vmId}`, { [vmId]: told, notify_time: notifyTime() })
      return
    }
    const told = { vmId, status: toldStatus(vm), ...(status === 'Down' && exit) }
    server.emit(`|virt|VM_status|${vmId}`, { [vmId]: told, notify_time: notifyTime() })
  })
  // As VDSM does: the engine asks for the capabilities again.
  context.dhcp.onLease(() => server.emit('|net|host_conn|no_id', { notify_time: notifyTime() }))
  return server
}

/** Order of the parameters in VDSM's schema. */
const positions = {
  'VM.create': ['vmID', 'vmParams'],
  'VM.destroy': ['vmID', 'gracefulAttempts'],
  'VM.hotplugNic': ['vmID', 'params'],
  'VM.hotunplugNic': ['vmID', 'params'],
  'VM.updateDevice': ['vmID', 'params'],
  'VM.hotplugDisk': ['vmID', 'params'],
  'VM.hotunplugDisk': ['vmID', 'params'],
  'VM.hotplugMemory': ['vmID', 'params'],
  'VM.setNumberOfCpus': ['vmID', 'numberOfCpus', 'cpusets'],
  'VM.setTicket': ['vmID', 'password', 'ttl', 'existingConnAction', 'params'],
  'VM.migrate': ['vmID', 'params'],
  'VM.migrateCancel': ['vmID'],
  'VM.migrationCreate': ['vmID', 'params', 'incomingLimit'],
  'VM.hibernate': ['vmID', 'hibernationVolHandle'],
  'VM.cont': ['vmID'],
  'VM.pause': ['vmID'],
  'VM.shutdown': ['vmID', 'delay', 'message', 'reboot', 'timeout', 'force'],
  'VM.getInfo': ['vmID'],
  'VM.getMigrationStatus': ['vmID'],
  'VM.getStats': ['vmID'],
  'Host.setupNetworks': ['networks', 'bondings', 'options'],
  'Host.getVMList': ['fullStatus', 'vmList', 'onlyUUID'],
  'Host.getVMFullList': ['vmList'],
  'Host.dumpxmls': ['vmList'],
  'Host.hostdevListByCaps': ['caps'],
}

export function createHealthServer({ store }: Context, readiness: Readiness, logger: Logger): FastifyInstance {
  const metrics = createMetrics()
  new Gauge({
    name: 'agent_vms',
    help: 'VMs by status',
    labelNames: ['status'],
    registers: [metrics],
    collect() {
      this.reset()
      for (const { status } of store.all()) this.inc({ status })
    },
  })
  const seconds = new Histogram({
    name: 'agent_command_seconds',
    help: 'Time that system tools took',
    labelNames: ['command'],
    registers: [metrics],
  })
  commands.subscribe((message) => {
    const { argv, ms } = message as CommandEnded
    seconds.observe({ command: argv[0] ?? '' }, ms / 1000)
  })
  const driverSeconds = new Histogram({
    name: 'agent_driver_seconds',
    help: 'Time that calls of VIF drivers took, with what they waited for',
    labelNames: ['driver', 'verb'],
    registers: [metrics],
  })
  driverCalls.subscribe((message) => {
    const { driver, verb, ms } = message as DriverCallEnded
    driverSeconds.observe({ driver, verb }, ms / 1000)
  })
  return createHttp({
    logger,
    metrics,
    requestId: () => randomUUID(),
    notReady: () => (readiness.ready ? undefined : 'VMs are being recovered'),
  })
}
