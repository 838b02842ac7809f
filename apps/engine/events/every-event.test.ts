// Every event of the audit log is told when what it is about happens: those of ordinary work, and of what fails in it, here in one
// engine, whose administrator does everything, and in these words; the others where their story is tested.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { until } from '../../../lab/until.ts'
import type { Severity } from '../store/entities/events.ts'
import { startTestEngine } from '../testing/test-engine.ts'
import { addHost, startTestHost } from '../testing/test-host.ts'
import { startWithRunningVm } from '../testing/test-running-vm.ts'
import { administrator, logIn } from '../testing/test-users.ts'
import { type EventName, eventCodes } from './event-codes.ts'

type Running = Awaited<ReturnType<typeof startWithRunningVm>>

interface Scene extends Running {
  /** Does it, whether it succeeds or not, and sees that these events are told of it. Answers the body of a success. */
  tells(names: EventName | EventName[], method: string, path: string, body?: object): Promise<any>
  /** The newest event of that request is the administrator's: its code, severity, words, and the things that it links to. */
  said(code: number, severity: Severity, words: string | RegExp, ...links: string[]): Promise<void>
  seesTold(names: readonly EventName[], since: number): Promise<void>
  /** The number of the newest event. */
  newest(): Promise<number>
}

const seen = new Set<EventName>()

/** The tests of these say what becomes of the rest. */
const elsewhere: Readonly<Record<string, readonly EventName[]>> = {
  'services/vms/vms.test.ts': ['USER_FAILED_STOP_VM', 'USER_FAILED_RUN_VM', 'USER_RESUME_VM'],
  'lifecycle/vms/vm-actions.test.ts': [
    ...(['USER_FAILED_SUSPEND_VM', 'USER_FAILED_SHUTDOWN_VM', 'USER_FAILED_REBOOT_VM'] as const),
  ],
  'lifecycle/vms/migrate-vm.test.ts': [
    ...(['VM_MIGRATION_START', 'VM_MIGRATION_DONE', 'VM_MIGRATION_FAILED', 'PORTS_BOUND_LATE'] as const),
  ],
  'lifecycle/vms/run-vm.test.ts': ['VM_SET_TO_UNKNOWN_STATUS'],
  'services/hosts/host-actions.test.ts': ['VDS_MAINTENANCE_FAILED'],
  'services/host-networks/host-networks.test.ts': [
    ...(['NETWORK_COMMINT_NETWORK_CHANGES', 'NETWORK_COMMINT_NETWORK_CHANGES_FAILED'] as const),
    ...(['PERSIST_SETUP_NETWORK_ON_HOST_FINISHED', 'PERSIST_SETUP_NETWORK_ON_HOST_FAILED'] as const),
    ...(['HOST_SYNC_ALL_NETWORKS_FINISHED', 'HOST_SYNC_ALL_NETWORKS_FAILED'] as const),
  ],
  'services/host-networks/nic-labels.test.ts': ['LABEL_NIC', 'LABEL_NIC_FAILED', 'UNLABEL_NIC', 'UNLABEL_NIC_FAILED'],
  'services/providers/provider-certificates.test.ts': ['PROVIDER_CERTIFICATE_IMPORTED'],
  'services/providers/provider-failures.test.ts': ['PROVIDER_UNREACHABLE', 'PROVIDER_REACHABLE'],
  'provider-sync/provider-sync.test.ts': [
    ...(['PROVIDER_SYNCHRONIZED_FAILED', 'PROVIDER_SYNCHRONIZED_PERFORMED'] as const),
    ...(['PROVIDER_SYNCHRONIZED_PERFORMED_FAILED', 'PROVIDER_SYNCHRONIZED_DISABLED'] as const),
    ...(['PROVIDER_SYNCHRONIZATION_STARTED', 'PROVIDER_SYNCHRONIZATION_ENDED'] as const),
  ],
  'services/networks/auto-define.test.ts': [
    ...(['NETWORK_ADD_NETWORK_FAILED', 'NETWORK_AUTO_DEFINE_NO_DEFAULT_EXTERNAL_PROVIDER'] as const),
  ],
  'services/networks/add-networks.test.ts': ['SUBNET_ADDITION_FAILED'],
  'services/networks/edit-networks.test.ts': ['VNICS_OUT_OF_SYNC_ON_NETWORK_UPDATE'],
  'services/networks/networks.test.ts': ['NETWORK_REMOVE_NETWORK_FAILED'],
  'services/networks/vnic-profiles.test.ts': ['VNICS_OUT_OF_SYNC_ON_PROFILE_UPDATE'],
  'services/access/access.test.ts': [
    ...(['USER_ADD', 'USER_UPDATED', 'USER_REMOVE_ADUSER'] as const),
    ...(['USER_ADD_SYSTEM_PERMISSION', 'USER_REMOVE_SYSTEM_PERMISSION', 'USER_ADD_ROLE_WITH_ACTION_GROUP'] as const),
    ...(['USER_UPDATE_ROLE', 'USER_REMOVE_ROLE', 'USER_ATTACHED_ACTION_GROUP_TO_ROLE'] as const),
    ...(['USER_DETACHED_ACTION_GROUP_FROM_ROLE'] as const),
  ],
  'contract/authorization.test.ts': ['USER_VDC_LOGIN', 'USER_VDC_LOGIN_FAILED', 'USER_PASSWORD_CHANGED'],
  'sso/sso.test.ts': ['USER_VDC_LOGOUT'],
  'services/providers/external-networks.test.ts': ['NETWORK_UPDATE_NETWORK_FAILED'],
  'reconciliation/reconciliation.test.ts': ['RECONCILIATION_REPAIRED', 'RECONCILIATION_FOUND'],
  'lifecycle/ports/port-calls.test.ts': ['REMOVE_PORT_FROM_EXTERNAL_PROVIDER_FAILED'],
  'drivers/driver-deployment.test.ts': ['DRIVER_INSTALLED', 'DRIVER_INSTALLATION_FAILED', 'DRIVER_REMOVED'],
}

async function startScene(t: TestContext): Promise<Scene> {
  const running = await startWithRunningVm(t, startAdministered)
  const { engine } = running
  const newest = async () => Number((await engine.list('/events?max=1'))[0].index)
  async function seesTold(names: readonly EventName[], since: number): Promise<void> {
    const missing = async () => {
      const fresh = (await engine.list('/events?max=50')).filter(({ index }) => Number(index) > since)
      const codes = fresh.map(({ code }) => Number(code))
      return names.filter((name) => !codes.includes(eventCodes[name][0]))
    }
    assert.ok(await until(async () => (await missing()).length === 0, 10_000), `not told: ${await missing()}`)
    for (const name of names) seen.add(name)
  }
  let requests = 0
  return {
    ...running,
    newest,
    seesTold,
    async tells(names, method, path, body) {
      const since = await newest()
      const answer = await engine.send(method, path, body, { 'correlation-id': `request-${++requests}` })
      await seesTold([names].flat(), since)
      return answer.body
    },
    async said(code, severity, words, ...links) {
      const [event] = await engine.list(`/events?search=correlation_id%3Drequest-${requests}&max=1`)
      const linked = ['vm', 'host', 'cluster', 'data_center', 'template'].filter((link) => event[link])
      const names = linked.map((link) => `${link} ${event[link].name}`)
      const told = [Number(event.code), event.severity, event.user?.name, ...names]
      assert.deepEqual(told, [code, severity, administrator.name, ...links], event.description)
      if (typeof words === 'string') assert.equal(event.description, words)
      else assert.match(event.description, words)
    },
  }
}

async function startAdministered(t: TestContext) {
  const engine = await startTestEngine(t, { administrator })
  const { send, ask, list } = await logIn(engine, administrator.name, administrator.password)
  return { ...engine, send, ask, list }
}

test('what is said of each change, and of each that fails', async (t) => {
  const scene = await startScene(t)
  // What it begins with.
  await scene.seesTold(['NETWORK_IMPORT_EXTERNAL_NETWORK', 'USER_ADD_VDS'], 0)
  for (const [what, act] of Object.entries({
    places,
    networks,
    providers,
    vnics,
    templates,
    snapshots,
    vms,
    migrations,
    permissions,
    messages,
    hosts,
  }))
    await t.test(what, () => act(scene, t))
  const [event] = await scene.engine.list('/events?max=1')
  assert.equal(event.id, event.index, 'its number, as clients of the real engine expect')
  assert.deepEqual(await scene.engine.ask('GET', `/events/${event.id}`), event)
})

test('every event is told in a test', () => {
  const told = new Set([...seen, ...Object.values(elsewhere).flat()])
  assert.deepEqual(
    Object.keys(eventCodes).filter((name) => !told.has(name as EventName)),
    [],
  )
  for (const [file, names] of Object.entries(elsewhere)) {
    const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
    for (const name of names) {
      const isNamed = new RegExp(`(?<!\\d)${eventCodes[name][0]}(?!\\d)|${name}`).test(text)
      assert.ok(isNamed, `${file} says nothing of ${name}`)
    }
  }
})

async function places({ tells, said }: Scene): Promise<void> {
  const dataCenter = await tells('USER_ADD_STORAGE_POOL', 'POST', '/datacenters', { name: 'x' })
  await said(950, 'normal', 'Data Center x was added.', 'data_center x')
  await tells('USER_UPDATE_STORAGE_POOL', 'PUT', `/datacenters/${dataCenter.id}`, { name: 'y' })
  await said(952, 'normal', 'Data Center y was updated.', 'data_center y')
  const named = { name: 'east', data_center: { id: dataCenter.id } }
  const cluster = await tells('USER_ADD_CLUSTER', 'POST', '/clusters', named)
  await said(809, 'normal', 'Cluster east was added.', 'cluster east')
  await tells('USER_UPDATE_CLUSTER', 'PUT', `/clusters/${cluster.id}`, { name: 'west' })
  await said(811, 'normal', 'Cluster west was updated.', 'cluster west')
  await tells('USER_REMOVE_CLUSTER', 'DELETE', `/clusters/${cluster.id}`)
  await said(813, 'normal', 'Cluster west was removed.', 'cluster west')
  await tells('USER_REMOVE_STORAGE_POOL', 'DELETE', `/datacenters/${dataCenter.id}`)
  await said(954, 'normal', 'Data Center y was removed.', 'data_center y')
  const ranges = { range: [{ from: '02:00:00:00:01:00', to: '02:00:00:00:01:0f' }] }
  const { id } = await tells('MAC_POOL_ADD_SUCCESS', 'POST', '/macpools', { name: 'pool', ranges })
  await said(10700, 'normal', `MAC Pool 'pool' (id=${id}) was created.`)
  await tells('MAC_POOL_EDIT_SUCCESS', 'PUT', `/macpools/${id}`, { name: 'pond' })
  await said(10702, 'normal', `MAC Pool 'pond' (id=${id}) was changed.`)
  await tells('MAC_POOL_REMOVE_SUCCESS', 'DELETE', `/macpools/${id}`)
  await said(10704, 'normal', `MAC Pool 'pond' (id=${id}) was removed.`)
}

async function networks({ tells, said, dataCenterId, clusterId }: Scene): Promise<void> {
  const inCluster = `/clusters/${clusterId}/networks`
  const named = { name: 'lan', data_center: { id: dataCenterId } }
  const { id } = await tells('NETWORK_ADD_NETWORK', 'POST', '/networks', named)
  await tells('NETWORK_UPDATE_NETWORK', 'PUT', `/networks/${id}`, { name: 'red' })
  await tells('NETWORK_ATTACH_NETWORK_TO_CLUSTER', 'POST', inCluster, { id, required: 'false' })
  await said(946, 'normal', 'Network red attached to Cluster c', 'cluster c')
  await tells('NETWORK_UPDTAE_NETWORK_ON_CLUSTER', 'PUT', `${inCluster}/${id}`, { required: 'true' })
  await said(1112, 'normal', 'Network red on Cluster c updated.', 'cluster c')
  await tells('NETWORK_DETACH_NETWORK_TO_CLUSTER', 'DELETE', `${inCluster}/${id}`)
  await said(948, 'normal', 'Network red detached from Cluster c', 'cluster c')
  await tells('LABEL_NETWORK', 'POST', `/networks/${id}/networklabels`, { id: 'lab' })
  await said(1132, 'normal', 'Network red was labeled lab.')
  await tells('UNLABEL_NETWORK', 'DELETE', `/networks/${id}/networklabels/lab`)
  await said(1134, 'normal', 'Network red was unlabeled.')
  const profile = await tells('ADD_VNIC_PROFILE', 'POST', '/vnicprofiles', { name: 'gold', network: { id } })
  await said(1122, 'normal', 'vNIC profile gold was added to network red.')
  await tells('UPDATE_VNIC_PROFILE', 'PUT', `/vnicprofiles/${profile.id}`, { name: 'silver' })
  await said(1124, 'normal', 'vNIC profile silver was updated.')
  await tells('REMOVE_VNIC_PROFILE', 'DELETE', `/vnicprofiles/${profile.id}`)
  await said(1126, 'normal', 'vNIC profile silver was removed.')
  await tells('NETWORK_REMOVE_NETWORK', 'DELETE', `/networks/${id}`)
}

async function providers({ tells, said, dataCenterId }: Scene): Promise<void> {
  const named = { name: 'away', type: 'external', url: 'http://127.0.0.1:1', read_only: 'true' }
  const { id } = await tells('PROVIDER_ADDED', 'POST', '/openstacknetworkproviders', named)
  await said(205, 'normal', 'Provider away was added.')
  const path = `/openstacknetworkproviders/${id}`
  await tells('PROVIDER_UPDATED', 'PUT', path, { name: 'net' })
  await said(207, 'normal', 'Provider net was updated.')
  const to = { data_center: { id: dataCenterId } }
  await tells('NETWORK_IMPORT_EXTERNAL_NETWORK_FAILED', 'POST', `${path}/networks/x/import`, to)
  const certificates = { certificate: [{ content: 'none' }] }
  await tells('PROVIDER_CERTIFICATE_IMPORT_FAILED', 'POST', `${path}/importcertificates`, { certificates })
  await tells('PROVIDER_REMOVED', 'DELETE', path)
  await said(209, 'normal', 'Provider net was removed.')
}

const refuses = (verb: 'HotplugNicFailed' | 'HotunplugNicFailed' | 'GeneralException') => async () => {
  throw vdsmError(verb, 'it does not want to')
}

async function vnics({ tells, said, nics, host, profileId, providerId, externalId }: Scene): Promise<void> {
  const subnets = `/openstacknetworkproviders/${providerId}/networks/${externalId}/subnets`
  const subnet = await tells('SUBNET_ADDED', 'POST', subnets, { name: 'ten', cidr: '10.0.0.0/24', ip_version: 'v4' })
  await said(1142, 'normal', 'Subnet ten was added on provider sdn.')
  await tells('SUBNET_UPDATED', 'PUT', `${subnets}/${subnet.id}`, { name: 'eleven' })
  await said(20030, 'normal', 'Subnet eleven was updated on provider sdn.')
  const added = ['NETWORK_ADD_VM_INTERFACE', 'NETWORK_ACTIVATE_VM_INTERFACE_SUCCESS'] as EventName[]
  const { id } = await tells(added, 'POST', nics, { name: 'nic1', vnic_profile: { id: profileId } })
  await tells('SUBNET_REMOVAL_FAILED', 'DELETE', `${subnets}/${subnet.id}`)
  host.answer('VM.hotunplugNic', refuses('HotunplugNicFailed'))
  await tells('NETWORK_DEACTIVATE_VM_INTERFACE_FAILURE', 'POST', `${nics}/${id}/deactivate`, {})
  host.answer('VM.hotunplugNic', undefined)
  await tells('NETWORK_DEACTIVATE_VM_INTERFACE_SUCCESS', 'POST', `${nics}/${id}/deactivate`, {})
  host.answer('VM.hotplugNic', refuses('HotplugNicFailed'))
  await tells('NETWORK_ACTIVATE_VM_INTERFACE_FAILURE', 'POST', `${nics}/${id}/activate`, {})
  const second = { name: 'nic2', vnic_profile: { id: profileId } }
  await tells('NETWORK_ADD_VM_INTERFACE_FAILED', 'POST', nics, second)
  await tells('NETWORK_UPDATE_VM_INTERFACE_FAILED', 'PUT', `${nics}/${id}`, { plugged: 'true' })
  host.answer('VM.hotplugNic', undefined)
  await tells('NETWORK_UPDATE_VM_INTERFACE', 'PUT', `${nics}/${id}`, { name: 'renamed' })
  await tells('NETWORK_REMOVE_VM_INTERFACE', 'DELETE', `${nics}/${id}`)
  await tells('SUBNET_REMOVED', 'DELETE', `${subnets}/${subnet.id}`)
  await said(1140, 'normal', 'Subnet eleven was removed from provider sdn.')
}

async function templates({ engine, tells, said, clusterId, profileId }: Scene): Promise<void> {
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'model', cluster: { id: clusterId } })
  const made = { name: 'golden', vm: { id: vmId } }
  const { id } = await tells('USER_ADD_VM_TEMPLATE_FINISHED_SUCCESS', 'POST', '/templates', made)
  await said(51, 'normal', 'Template golden was added.', 'template golden')
  const nics = `/templates/${id}/nics`
  const nic = await tells('NETWORK_ADD_TEMPLATE_INTERFACE', 'POST', nics, {
    ...{ name: 'a', vnic_profile: { id: profileId } },
  })
  await said(936, 'normal', 'vNIC a was added to template golden.', 'template golden')
  await tells('NETWORK_UPDATE_TEMPLATE_INTERFACE', 'PUT', `${nics}/${nic.id}`, { name: 'b' })
  await said(940, 'normal', 'vNIC b of template golden was updated.', 'template golden')
  await tells('NETWORK_REMOVE_TEMPLATE_INTERFACE', 'DELETE', `${nics}/${nic.id}`)
  await said(938, 'normal', 'vNIC b was removed from template golden.', 'template golden')
  await tells('USER_UPDATE_VM_TEMPLATE', 'PUT', `/templates/${id}`, { name: 'old' })
  await said(49, 'normal', 'Template old was updated.', 'template old')
  await tells('USER_REMOVE_VM_TEMPLATE', 'DELETE', `/templates/${id}`)
  await said(50, 'normal', 'Template old was removed.', 'template old')
}

async function snapshots({ tells, said, clusterId }: Scene): Promise<void> {
  const vm = await tells('USER_ADD_VM', 'POST', '/vms', { name: 'web', cluster: { id: clusterId } })
  await said(34, 'normal', 'VM web was created.', 'vm web')
  const [path, all] = [`/vms/${vm.id}`, `/vms/${vm.id}/snapshots`]
  const nic = await tells('NETWORK_ADD_VM_INTERFACE', 'POST', `${path}/nics`, { name: 'nic1' })
  await said(932, 'normal', 'vNIC nic1 was added to VM web.', 'vm web')
  await tells('NETWORK_REMOVE_VM_INTERFACE', 'DELETE', `${path}/nics/${nic.id}`)
  await said(930, 'normal', 'vNIC nic1 was removed from VM web.', 'vm web')
  await tells('USER_UPDATE_VM', 'PUT', path, { description: 'x' })
  await tells('USER_FAILED_UPDATE_VM', 'PUT', path, { name: 'vm' })
  const { id } = await tells('USER_CREATE_SNAPSHOT_FINISHED_SUCCESS', 'POST', all, { description: 's' })
  await said(68, 'normal', 'Snapshot "s" creation for VM web has been completed.', 'vm web')
  const preview = { snapshot: { id } }
  await tells('USER_TRY_BACK_TO_SNAPSHOT_FINISH_SUCCESS', 'POST', `${path}/previewsnapshot`, preview)
  await tells('USER_FAILED_CREATE_SNAPSHOT', 'POST', all, { description: 'within' })
  await tells('USER_FAILED_REMOVE_SNAPSHOT', 'DELETE', `${all}/${id}`)
  await tells('USER_FAILED_TRY_BACK_TO_SNAPSHOT', 'POST', `${path}/previewsnapshot`, preview)
  await tells('USER_RESTORE_FROM_SNAPSHOT_FINISH_SUCCESS', 'POST', `${path}/undosnapshot`)
  await tells('USER_FAILED_RESTORE_FROM_SNAPSHOT', 'POST', `${path}/undosnapshot`)
  await tells('USER_REMOVE_SNAPSHOT_FINISHED_SUCCESS', 'DELETE', `${all}/${id}`)
  await said(356, 'normal', 'Snapshot "s" deletion on VM web has been completed.', 'vm web')
  await tells('USER_REMOVE_VM_FINISHED', 'DELETE', path)
  await said(113, 'normal', 'VM web was removed.', 'vm web')
}

async function vms({ tells, seesTold, newest, engine, host, vmId }: Scene): Promise<void> {
  const path = `/vms/${vmId}`
  const becomes = async (status: string) =>
    assert.ok(await until(async () => (await engine.ask('GET', path)).status === status, 10_000), status)
  await tells('USER_SUSPEND_VM_OK', 'POST', `${path}/suspend`)
  await tells('USER_STOP_SUSPENDED_VM', 'POST', `${path}/stop`)
  await tells('USER_RUN_VM', 'POST', `${path}/start`)
  host.change(vmId, { status: 'Paused', macs: [] })
  await becomes('paused')
  host.answer('VM.cont', refuses('GeneralException'))
  await tells('USER_FAILED_RESUME_VM', 'POST', `${path}/start`)
  host.answer('VM.cont', undefined)
  const since = await newest()
  host.change(vmId, { status: 'Down', exitCode: 1, exitMessage: 'lost', macs: [] })
  await seesTold(['VM_DOWN_ERROR'], since)
  await becomes('down')
  await tells('USER_RUN_VM', 'POST', `${path}/start`)
  await tells('USER_REBOOT_VM', 'POST', `${path}/reboot`)
  await tells('USER_INITIATED_SHUTDOWN_VM', 'POST', `${path}/shutdown`)
  const before = await newest()
  host.change(vmId, { status: 'Down', exitCode: 0, macs: [] })
  await seesTold(['VM_DOWN'], before)
  await becomes('down')
  await tells('USER_RUN_VM', 'POST', `${path}/start`)
  await tells('USER_STOP_VM', 'POST', `${path}/stop`)
}

/** It takes as long as its source says so. */
async function migrations(scene: Scene, t: TestContext): Promise<void> {
  const { tells, seesTold, newest, engine, clusterId, host, vmId } = scene
  const path = `/vms/${vmId}`
  const other = await startTestHost(t)
  await addHost(engine, clusterId, other, 'other')
  await engine.ask('POST', `${path}/start`)
  const vm = host.vms.has(vmId) ? host : other
  const { macs } = vm.vms.get(vmId)!
  vm.answer('VM.migrate', async () => vm.change(vmId, { status: 'Migration Source', macs }))
  const since = await newest()
  const migrating = engine.send('POST', `${path}/migrate`)
  assert.ok(await until(async () => (await engine.ask('GET', path)).status === 'migrating', 10_000))
  vm.answer('VM.migrateCancel', refuses('GeneralException'))
  await tells('VM_CANCEL_MIGRATION_FAILED', 'POST', `${path}/cancelmigration`)
  vm.answer('VM.migrateCancel', async () => vm.change(vmId, { status: 'Up', macs }))
  await tells('VM_CANCEL_MIGRATION', 'POST', `${path}/cancelmigration`)
  await migrating
  await seesTold(['VM_MIGRATION_FAILED'], since)
  for (const verb of ['VM.migrate', 'VM.migrateCancel']) vm.answer(verb, undefined)
  await tells('USER_STOP_VM', 'POST', `${path}/stop`)
  await other.crash()
}

async function permissions({ engine, tells, said, networkId }: Scene): Promise<void> {
  const { id } = await engine.ask('POST', '/users', { user_name: 'alice@internal-authz' })
  const onNetwork = `/networks/${networkId}/permissions`
  const body = { role: { name: 'NetworkAdmin' }, user: { id } }
  const given = await tells('USER_ADD_PERMISSION', 'POST', onNetwork, body)
  await said(850, 'normal', /alice.*NetworkAdmin.*blue.*admin@internal/)
  await tells('USER_REMOVE_PERMISSION', 'DELETE', `${onNetwork}/${given.id}`)
  await said(852, 'normal', /NetworkAdmin.*blue.*admin@internal/)
}

async function messages({ tells, said }: Scene): Promise<void> {
  for (const [name, severity, code] of [
    ['EXTERNAL_EVENT_NORMAL', 'normal', 9801],
    ['EXTERNAL_EVENT_WARNING', 'warning', 9802],
    ['EXTERNAL_EVENT_ERROR', 'error', 9803],
    ['EXTERNAL_ALERT', 'alert', 9804],
  ] as const) {
    const event = { severity, description: 'The rack is warm.', origin: 'rack', custom_id: String(code) }
    await tells(name, 'POST', '/events', event)
    await said(code, severity, 'The rack is warm.')
  }
}

async function hosts({ tells, said, seesTold, newest, engine, host, hostId }: Scene): Promise<void> {
  const path = `/hosts/${hostId}`
  await tells('USER_UPDATE_VDS', 'PUT', path, { comment: 'rack 2' })
  await said(43, 'normal', 'Host h was updated.', 'host h')
  await tells('HOST_REFRESHED_CAPABILITIES', 'POST', `${path}/refresh`)
  await said(606, 'normal', 'Successfully refreshed the capabilities of host h.', 'host h')
  const checked = ['HOST_AVAILABLE_UPDATES_STARTED', 'HOST_AVAILABLE_UPDATES_FINISHED'] as const
  await tells([...checked], 'POST', `${path}/upgradecheck`)
  const found = "Check for available updates on host h was completed successfully with message 'no updates available.'."
  await said(885, 'normal', found, 'host h')
  await tells('VDS_MAINTENANCE', 'POST', `${path}/deactivate`)
  await tells('VDS_INSTALL', 'POST', `${path}/install`)
  await said(504, 'normal', 'Host h was installed.', 'host h')
  host.answer('Host.getCapabilities', refuses('GeneralException'))
  await tells('HOST_REFRESH_CAPABILITIES_FAILED', 'POST', `${path}/refresh`)
  await said(607, 'error', /^Failed to refresh the capabilities of host h: /, 'host h')
  await tells('HOST_AVAILABLE_UPDATES_FAILED', 'POST', `${path}/upgradecheck`)
  await said(839, 'error', /^Failed to check for available updates on host h: /, 'host h')
  await tells('VDS_INSTALL_FAILED', 'POST', `${path}/install`)
  await said(505, 'error', /^Host h installation failed: /, 'host h')
  host.answer('Host.getCapabilities', undefined)
  await tells('VDS_ACTIVATE', 'POST', `${path}/activate`)
  const since = await newest()
  await host.crash()
  await seesTold(['VDS_FAILURE'], since)
  await tells('VDS_MANUAL_FENCE_STATUS', 'POST', `${path}/fence`, { fence_type: 'manual' })
  await said(494, 'normal', 'Host h was said to be off: its VMs are down.', 'host h')
  const away = await newest()
  await host.start()
  await seesTold(['VDS_DETECTED'], away)
  await engine.ask('POST', `${path}/deactivate`)
  await tells('USER_REMOVE_VDS', 'DELETE', path)
  await said(44, 'normal', 'Host h was removed.', 'host h')
}
