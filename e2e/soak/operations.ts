// What somebody does in a soak: any operation on any VM or vNIC, sensible or not. Refusals are answers; a 500 is none.
import { until } from '../../lab/until.ts'
import type { Chance } from './chance.ts'
import type { SoakWorld } from './soak-world.ts'

type Operation = (world: SoakWorld, chance: Chance) => Promise<Answer | undefined>
type Answer = { readonly status: number; readonly text: string }

const mostVms = 6
const mostNics = 3

const vmOf = async ({ engine }: SoakWorld, chance: Chance) => chance.one(await engine.list('/vms'))

async function nicOf(world: SoakWorld, chance: Chance): Promise<string | undefined> {
  const vm = await vmOf(world, chance)
  const nic = vm && chance.one(await world.engine.list(`/vms/${vm.id}/nics`))
  return nic && `/vms/${vm.id}/nics/${nic.id}`
}

const onVm =
  (action: string): Operation =>
  async (world, chance) => {
    const vm = await vmOf(world, chance)
    return vm && world.engine.send('POST', `/vms/${vm.id}/${action}`, {})
  }

const onNic =
  (method: string, action = ''): Operation =>
  async (world, chance) => {
    const nic = await nicOf(world, chance)
    return nic === undefined ? undefined : world.engine.send(method, nic + action, method === 'POST' ? {} : undefined)
  }

const profileOf = ({ profileIds }: SoakWorld, chance: Chance) => (chance.once(5) ? {} : { id: chance.one(profileIds)! })

const addVm: Operation = async (world, chance) => {
  if ((await world.engine.list('/vms')).length >= mostVms) return undefined
  return world.engine.send('POST', '/vms', { name: `vm-${chance.number(1e9)}`, cluster: { id: world.clusterId } })
}

const removeVm: Operation = async (world, chance) => {
  const vm = await vmOf(world, chance)
  return vm && world.engine.send('DELETE', `/vms/${vm.id}`)
}

const addNic: Operation = async (world, chance) => {
  const vm = await vmOf(world, chance)
  if (!vm || (await world.engine.list(`/vms/${vm.id}/nics`)).length >= mostNics) return undefined
  const request = {
    name: `nic-${chance.number(1e9)}`,
    plugged: String(!chance.once(4)),
    vnic_profile: profileOf(world, chance),
  }
  return world.engine.send('POST', `/vms/${vm.id}/nics`, request)
}

const editNic: Operation = async (world, chance) => {
  const nic = await nicOf(world, chance)
  const change = chance.once(2) ? { vnic_profile: profileOf(world, chance) } : { plugged: String(chance.once(2)) }
  return nic === undefined ? undefined : world.engine.send('PUT', nic, change)
}

async function snapshotOf(world: SoakWorld, chance: Chance): Promise<{ vm: string; id: string } | undefined> {
  const vm = await vmOf(world, chance)
  const snapshot = vm && chance.one(await world.engine.list(`/vms/${vm.id}/snapshots`))
  return snapshot && { vm: `/vms/${vm.id}`, id: snapshot.id }
}

const addSnapshot: Operation = async (world, chance) => {
  const vm = await vmOf(world, chance)
  return vm && world.engine.send('POST', `/vms/${vm.id}/snapshots`, { description: `s-${chance.number(1e9)}` })
}

const previewSnapshot: Operation = async (world, chance) => {
  const { vm, id } = (await snapshotOf(world, chance)) ?? {}
  return vm === undefined ? undefined : world.engine.send('POST', `${vm}/previewsnapshot`, { snapshot: { id } })
}

const restoreSnapshot: Operation = async (world, chance) => {
  const { vm, id } = (await snapshotOf(world, chance)) ?? {}
  return vm === undefined ? undefined : world.engine.send('POST', `${vm}/snapshots/${id}/restore`, {})
}

const removeSnapshot: Operation = async (world, chance) => {
  const { vm, id } = (await snapshotOf(world, chance)) ?? {}
  return vm === undefined ? undefined : world.engine.send('DELETE', `${vm}/snapshots/${id}`)
}

/** Its VMs leave it first, or it is taken back into use. */
const maintain: Operation = async (world, chance) => {
  const host = chance.one(await world.engine.list('/hosts'))
  return host && world.engine.send('POST', `/hosts/${host.id}/${chance.once(2) ? 'deactivate' : 'activate'}`, {})
}

/** Whatever was taken out of use, also by a request that the engine had not finished when it was killed. */
export async function useAllHosts({ engine }: SoakWorld): Promise<void> {
  const areUsed = async () => {
    const unused = (await engine.list('/hosts')).filter(({ status }) => /maintenance/.test(status))
    for (const { id } of unused) await engine.send('POST', `/hosts/${id}/activate`, {})
    return unused.length === 0
  }
  if (!(await until(areUsed, 30_000, 100))) throw new Error('a host stays in maintenance')
}

/** What brings VMs into being and to life comes more often than what ends them. */
const operations: readonly Operation[] = [
  addVm,
  addVm,
  removeVm,
  addNic,
  addNic,
  addNic,
  editNic,
  editNic,
  onNic('DELETE'),
  onNic('POST', '/activate'),
  onNic('POST', '/deactivate'),
  onVm('start'),
  onVm('start'),
  onVm('start'),
  onVm('stop'),
  onVm('migrate'),
  onVm('migrate'),
  onVm('suspend'),
  onVm('reboot'),
  onVm('shutdown'),
  addSnapshot,
  addSnapshot,
  previewSnapshot,
  onVm('undosnapshot'),
  onVm('commitsnapshot'),
  restoreSnapshot,
  removeSnapshot,
  maintain,
]

/** So many, one after the other. While the engine is away, nothing is answered. Throws for a 500. */
export async function operate(world: SoakWorld, chance: Chance, times: number): Promise<number> {
  let done = 0
  for (let n = 0; n < times; n++) {
    const answer = await chance.one(operations)!(world, chance).catch(() => undefined)
    if (answer && answer.status >= 500) throw new Error(`${answer.status} ${answer.text}`)
    if (answer && answer.status < 300) done++
  }
  return done
}
