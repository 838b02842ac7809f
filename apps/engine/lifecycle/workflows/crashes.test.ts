// The engine dies at every step of every workflow, before it and after it, forward and on the way back. The next engine takes
// up what is written down, and then engine, provider and hosts agree: no port, NIC, VM or row is left over or missing.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../lab/until.ts'
import { startTestProvider, type TestProvider } from '../../../provider/testing/test-provider.ts'
import { importNetwork, makeNetwork, setScene } from '../../testing/test-engine.ts'
import { addHost, startTestHost, type TestHost } from '../../testing/test-host.ts'
import { testHostNetworks } from '../../testing/test-host-networks.ts'
import { lastingFolder, type MortalEngine, startMortalEngine } from '../../testing/test-mortal-engine.ts'
import type { Parts } from './parts.ts'
import type { AnyWorkflow, Step, WorkflowState } from './workflow.ts'
import { workflows } from './workflows.ts'

type World = Awaited<ReturnType<typeof startWorld>>

/** Two hosts, two networks, and a VM with a vNIC on the first of them. */
async function startWorld(t: TestContext) {
  const provider = await startTestProvider(t)
  const b = await startTestHost(t)
  const hostNetworks = testHostNetworks()
  const a = await startTestHost(t, [b], hostNetworks.verbs)
  const hosts = { a, b }
  for (const [name, host] of Object.entries(hosts))
    host.answer('Host.getCapabilities', async () => ({ openstack_binding_host_ids: { TEST: `host-${name}` } }))
  const folder = lastingFolder(t)
  const engine = await startMortalEngine(t, folder)
  const scene = await setScene(engine as never, provider)
  await engine.ask('PUT', `/openstacknetworkproviders/${scene.providerId}`, { external_plugin_type: 'TEST' })
  const red = await importNetwork(engine as never, { ...scene, externalId: await makeNetwork(provider, 'red') })
  await engine.ask('POST', `/clusters/${scene.clusterId}/networks`, { id: red.networkId, required: 'false' })
  const ids = {
    a: await addHost(engine as never, scene.clusterId, a, 'a'),
    b: await addHost(engine as never, scene.clusterId, b, 'b'),
  }
  const { id: vmId } = await engine.ask('POST', '/vms', { name: 'vm', cluster: { id: scene.clusterId } })
  const nic = await engine.ask('POST', `/vms/${vmId}/nics`, { name: 'nic1', vnic_profile: { id: scene.profileId } })
  return { ...scene, red, engine, provider, hosts, hostNetworks, ids, folder, vmId, nicId: nic.id as string }
}

/** What is there before; then the work that is cut short. */
interface Scenario {
  readonly what: string
  prepare?(world: World): Promise<unknown>
  act(world: World): Promise<unknown>
}

const onVm =
  (action: string, body = {}) =>
  (world: World) =>
    world.engine.send('POST', `/vms/${world.vmId}/${action}`, body)
const start = onVm('start', { vm: { host: { name: 'a' } } })
const nicOf = ({ vmId, nicId }: World) => `/vms/${vmId}/nics/${nicId}`
const put = (world: World, change: object) => world.engine.send('PUT', nicOf(world), change)
const unplugged = async (world: World) => {
  await start(world)
  await put(world, { plugged: 'false' })
}
const migrating: Scenario = { what: 'a VM is migrated', prepare: start, act: onVm('migrate') }
const removing: Scenario = {
  what: 'a VM that ran is removed',
  async prepare(world) {
    await start(world)
    await onVm('stop')(world)
  },
  act: ({ engine, vmId }) => engine.send('DELETE', `/vms/${vmId}`),
}

const scenarios: Readonly<Record<string, readonly Scenario[]>> = {
  'run-vm': [
    { what: 'a VM is started', act: start },
    {
      what: 'a suspended VM is resumed',
      async prepare(world) {
        await start(world)
        await onVm('suspend')(world)
      },
      act: start,
    },
  ],
  'stop-vm': [{ what: 'a VM is stopped', prepare: start, act: onVm('stop') }],
  'shutdown-vm': [{ what: 'a guest is asked to shut down', prepare: start, act: onVm('shutdown') }],
  'suspend-vm': [{ what: 'a VM is suspended', prepare: start, act: onVm('suspend') }],
  'resume-vm': [
    {
      what: 'a paused VM goes on',
      async prepare(world) {
        await start(world)
        const { engine, hosts, vmId } = world
        hosts.a.change(vmId, { ...hosts.a.vms.get(vmId)!, status: 'Paused' })
        await until(async () => (await engine.ask('GET', `/vms/${vmId}`)).status === 'paused', 5_000)
      },
      act: start,
    },
  ],
  'plug-nic': [
    {
      what: 'a vNIC is added to a running VM',
      prepare: start,
      act: ({ engine, vmId, profileId }) =>
        engine.send('POST', `/vms/${vmId}/nics`, { name: 'nic2', vnic_profile: { id: profileId } }),
    },
    {
      what: 'a vNIC is plugged again',
      prepare: unplugged,
      act: (world) => onVm(`nics/${world.nicId}/activate`)(world),
    },
  ],
  'unplug-nic': [
    { what: 'a vNIC is unplugged', prepare: start, act: (world) => onVm(`nics/${world.nicId}/deactivate`)(world) },
  ],
  'update-nic': [
    {
      what: 'a vNIC goes to another network and is plugged there',
      prepare: unplugged,
      act: (world) => put(world, { name: 'eth0', plugged: 'true', vnic_profile: { id: world.red.profileId } }),
    },
    {
      what: 'a vNIC is unplugged and taken off its network',
      prepare: start,
      act: (world) => put(world, { plugged: 'false', vnic_profile: {} }),
    },
  ],
  'migrate-vm': [migrating],
  'bind-ports': [migrating],
  'maintain-host': [
    {
      what: 'a host goes into maintenance',
      prepare: start,
      act: ({ engine, ids }) => engine.send('POST', `/hosts/${ids.a}/deactivate`),
    },
  ],
  'setup-host-networks': [
    {
      what: 'a network of a host is changed and another one removed',
      async prepare(world) {
        const { engine, clusterId, dataCenterId, hosts, ids, hostNetworks } = world
        hosts.a.answer('Host.getCapabilities', async () => hostNetworks.capabilities())
        await engine.send('POST', `/hosts/${ids.a}/refresh`)
        for (const [name, host_nic] of [
          ['lan', { name: 'eth1' }],
          ['san', { name: 'eth2' }],
        ] as const) {
          const network = await engine.ask('POST', '/networks', { name, data_center: { id: dataCenterId } })
          await engine.ask('POST', `/clusters/${clusterId}/networks`, { id: network.id, required: 'false' })
          await engine.ask('POST', `/hosts/${ids.a}/networkattachments`, { network: { name }, host_nic })
        }
      },
      async act({ engine, ids }) {
        const [lan, san] = await engine.list(`/hosts/${ids.a}/networkattachments`)
        await engine.send('POST', `/hosts/${ids.a}/setupnetworks`, {
          modified_network_attachments: { network_attachment: [{ id: lan.id, host_nic: { name: 'eth0' } }] },
          removed_network_attachments: { network_attachment: [{ id: san.id }] },
        })
      },
    },
  ],
  'restore-vm': [
    {
      what: 'a VM goes back to a snapshot',
      async prepare(world) {
        await start(world)
        await onVm('snapshots')(world)
        await onVm('stop')(world)
      },
      async act(world) {
        const [{ id }] = await world.engine.list(`/vms/${world.vmId}/snapshots`)
        await onVm('previewsnapshot', { snapshot: { id } })(world)
      },
    },
  ],
  'remove-nics': [removing],
  'remove-port': [removing],
  'add-network': [
    {
      what: 'a network is made on the provider',
      act: ({ engine, dataCenterId, providerId }) =>
        engine.send('POST', '/networks', {
          name: 'green',
          data_center: { id: dataCenterId },
          external_provider: { id: providerId },
        }),
    },
  ],
  'edit-external-network': [
    {
      what: 'a network is changed on the provider',
      act: ({ engine, providerId, externalId }) =>
        engine.send('PUT', `/openstacknetworkproviders/${providerId}/networks/${externalId}`, { name: 'azure' }),
    },
  ],
  'remove-network': [
    {
      what: 'a network is removed from the provider too',
      act: ({ engine, red }) => engine.send('DELETE', `/networks/${red.networkId}?remove_from_provider=true`),
    },
  ],
}

type MutableStep = { -readonly [Key in keyof Step<WorkflowState, Parts>]: Step<WorkflowState, Parts>[Key] }
type Verb = 'run' | 'undo'
type Moment = 'before' | 'after'

const never = new Promise<never>(() => {})

/** In place of a step's own work, until it is restored. */
function replace(
  step: MutableStep,
  verb: Verb,
  work: (original: () => Promise<unknown>) => Promise<never>,
): () => void {
  const original = step[verb]!
  step[verb] = ((state: WorkflowState, parts: Parts, reason: string) =>
    work(async () => original(state, parts, reason))) as never
  return () => {
    step[verb] = original as never
  }
}

/** The engine hangs there from now on, as one that is killed at that moment. */
function hangAt(step: MutableStep, verb: Verb, moment: Moment) {
  const reached = Promise.withResolvers<void>()
  const restore = replace(step, verb, async (original) => {
    if (moment === 'after') await original()
    reached.resolve()
    return never
  })
  return { reached: reached.promise, restore }
}

/** The step fails, after its work where that has an undo of its own. */
const failAt = (step: MutableStep) =>
  replace(step, 'run', async (original) => {
    if (step.undo) await original()
    throw new Error('made to fail')
  })

interface Cut {
  readonly step: number
  readonly verb: Verb
  readonly moment: Moment
}

function cutsOf({ steps, onFailure }: AnyWorkflow<Parts>): Cut[] {
  const failing = failingStep(steps)
  return [...steps.entries()].flatMap(([step, { run, undo }]) => {
    const verbs: Verb[] = [...(run ? ['run' as const] : []), ...(canRetreat(step) && undo ? ['undo' as const] : [])]
    return verbs.flatMap((verb) => (['before', 'after'] as const).map((moment) => ({ step, verb, moment })))
  })
  function canRetreat(step: number): boolean {
    return onFailure === 'undo' && step <= failing
  }
}

/** The last one whose failure is undone. -1: there is none. */
function failingStep(steps: AnyWorkflow<Parts>['steps']): number {
  const last = steps.findLastIndex(({ undo }) => undo)
  return last < 0 ? -1 : steps.slice(0, last + 2).findLastIndex(({ run }) => run)
}

async function dieAt(
  t: TestContext,
  workflow: AnyWorkflow<Parts>,
  { act, prepare }: Scenario,
  cut: Cut,
): Promise<World> {
  const world = await startWorld(t)
  await prepare?.(world)
  const steps = workflow.steps as MutableStep[]
  const restores: (() => void)[] = []
  if (cut.verb === 'undo') restores.push(failAt(steps[failingStep(steps)]!))
  const { reached, restore } = hangAt(steps[cut.step]!, cut.verb, cut.moment)
  restores.unshift(restore)
  try {
    // It never answers; what it rejects with, when its database is gone, is nobody's business.
    void Promise.resolve(act(world)).catch(() => {})
    await Promise.race([reached, rejectAfter(10_000, 'the step was not reached')])
    await world.engine.die()
  } finally {
    for (const restore of restores) restore()
  }
  return world
}

function rejectAfter(ms: number, what: string): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error(what)), ms).unref())
}

/** What is not as it should be, in words; nothing when all three sides agree. */
async function disagreements(world: World, engine: MortalEngine): Promise<string[]> {
  const { provider, hosts, ids } = world
  const { store } = engine
  const found: string[] = []
  const complain = (isWrong: boolean, what: string) => void (isWrong && found.push(what))
  const pending = await store.workflows.find({})
  for (const { kind, step, direction } of pending) found.push(`${kind} is still at step ${step}, ${direction}`)
  const nics = await store.nics.find({})
  const ports = (await provider.send('GET', '/ports')).body.ports as any[]
  for (const vm of await store.vms.find({})) {
    complain(!['down', 'suspended', 'up', 'paused', 'powering_down'].includes(vm.status), `the VM is ${vm.status}`)
    complain((vm.hostId === '') !== ['down', 'suspended'].includes(vm.status), `${vm.status} on "${vm.hostId}"`)
    const macs = nics.filter(({ plugged }) => plugged).map(({ mac }) => mac)
    for (const [name, host] of Object.entries(hosts))
      found.push(...oddities(name, host, vm.id, vm.hostId === ids[name as 'a'] ? macs : undefined))
    for (const { id, plugged, profileId } of nics.filter(() => vm.hostId !== '')) {
      const port = ports.find(({ device_id }) => device_id === id)
      const bound = vm.hostId === ids.a ? 'host-a' : 'host-b'
      complain(plugged && profileId !== '' && port?.['binding:host_id'] !== bound, `${id} is not bound to ${bound}`)
    }
  }
  if ((await store.vms.find({})).length === 0)
    for (const [name, host] of Object.entries(hosts)) complain(host.vms.size > 0, `${name} has a VM that is removed`)
  for (const port of ports) {
    const nic = nics.find(({ id }) => id === port.device_id)
    const profile = nic && (await store.vnicProfiles.get(nic.profileId))
    const network = profile && (await store.networks.get(profile.networkId))
    complain(!nic?.hasPort, `the port ${port.name} belongs to nobody`)
    complain(network?.externalId !== port.network_id, `the port ${port.name} is on another network than its vNIC`)
  }
  for (const { name, hasPort, id } of nics)
    complain(hasPort && !ports.some(({ device_id }) => device_id === id), `${name} has lost its port`)
  found.push(...(await networkOddities(engine, provider)), ...(await attachmentOddities(engine, world)))
  for (const { name, duty } of await store.hosts.find({}))
    complain(duty === 'preparing_for_maintenance', `${name} is for ever on its way into maintenance`)
  return found
}

/** `macs`: of the vNICs that the VM must have there; undefined: it must not be there. */
function oddities(name: string, { vms }: TestHost, vmId: string, macs: readonly string[] | undefined): string[] {
  const vm = vms.get(vmId)
  if (!macs) return vm ? [`${name} has the VM, ${vm.status}`] : []
  if (!vm || vm.status === 'Down') return [`${name} does not run the VM`]
  const differ = [...vm.macs].sort().join() !== [...macs].sort().join()
  return differ ? [`on ${name} the VM has the NICs ${vm.macs} instead of ${macs}`] : []
}

/** Attachments are what the host has, each on the interface that carries it there. */
async function attachmentOddities({ store }: MortalEngine, { hostNetworks, ids }: World): Promise<string[]> {
  const told = Object.entries<any>(hostNetworks.capabilities().networks)
  const there = told.map(([name, { southbound }]) => `${name} on ${southbound}`).sort()
  const rows = await store.networkAttachments.find({ hostId: ids.a })
  const networks = await store.networks.getAll(rows.map(({ networkId }) => networkId))
  const known = rows.map(({ networkId, nicName }) => `${networks.get(networkId)?.name} on ${nicName}`).sort()
  return known.join() === there.join() ? [] : [`attachments: ${known} here, ${there} on the host`]
}

async function networkOddities({ store }: MortalEngine, provider: TestProvider): Promise<string[]> {
  const external = (await store.networks.find({})).filter(({ providerId }) => providerId !== '')
  const known = external.map(({ externalId, name }) => `${name} ${externalId}`).sort()
  const there = (await provider.send('GET', '/networks')).body.networks
    .map((each: any) => `${each.name} ${each.id}`)
    .sort()
  return known.join() === there.join() ? [] : [`networks: ${known} here, ${there} on the provider`]
}

test('every workflow has a scenario here', () => {
  assert.deepEqual(Object.keys(scenarios).sort(), workflows.map(({ kind }) => kind).sort())
})

for (const workflow of workflows)
  for (const scenario of scenarios[workflow.kind] ?? [])
    test(`${workflow.kind}: ${scenario.what}, and the engine dies in the middle`, async (t) => {
      for (const cut of cutsOf(workflow)) {
        const { name } = workflow.steps[cut.step]!
        await t.test(`${cut.moment} ${cut.verb === 'run' ? '' : 'the undo of '}"${name}"`, async (t) => {
          const world = await dieAt(t, workflow, scenario, cut)
          const engine = await startMortalEngine(t, world.folder)
          let left: string[] = []
          await until(async () => {
            left = await disagreements(world, engine)
            return left.length === 0
          }, 10_000)
          assert.deepEqual(left, [])
          const { status, text } = await engine.send('GET', '/vms')
          assert.equal(status, 200, text)
        })
      }
    })
