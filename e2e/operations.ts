// The operations that are interrupted: how each is prepared, done, done again after it was finished or undone, and how
// all of it is removed.
import assert from 'node:assert/strict'
import type { EngineApi } from '../lab/services/engine-api.ts'
import { importNetwork } from '../lab/services/engine-scene.ts'
import type { Bed } from './bed.ts'

export interface Operation {
  /** Behind "while it": `runs a VM`. */
  readonly title: string
  prepare(bed: Bed): Promise<Subject>
}

export interface Subject {
  run(): Promise<unknown>
  /** The operation can be done again, whether it was finished or undone. */
  again(): Promise<unknown>
  remove(): Promise<unknown>
}

export const runVm: Operation = {
  title: 'runs a VM',
  async prepare(bed) {
    const vm = await addVm(bed)
    await vm.addNic('nic1')
    return {
      run: vm.start,
      async again() {
        if ((await vm.status()) === 'up') await vm.stop()
        await vm.start()
      },
      remove: vm.remove,
    }
  },
}

export const stopVm: Operation = {
  title: 'stops a VM',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    return {
      run: vm.stop,
      async again() {
        if ((await vm.status()) === 'down') await vm.start()
        await vm.stop()
      },
      remove: vm.remove,
    }
  },
}

export const migrateVm: Operation = {
  title: 'migrates a VM',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    return { run: vm.migrate, again: vm.migrate, remove: vm.remove }
  },
}

export const removeVm: Operation = {
  title: 'removes a VM',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    await vm.stop()
    return {
      run: () => bed.engine.delete(vm.path),
      async again() {
        await bed.engine.send('DELETE', vm.path)
        assert.equal((await bed.engine.send('GET', vm.path)).status, 404)
      },
      remove: async () => {},
    }
  },
}

export const plugNic: Operation = {
  title: 'plugs a vNIC',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    const nic = await vm.addNic('nic2', 'false')
    return {
      run: () => bed.engine.post(`${nic}/activate`),
      async again() {
        await bed.engine.post(`${nic}/deactivate`)
        await bed.engine.post(`${nic}/activate`)
      },
      remove: vm.remove,
    }
  },
}

export const addNic: Operation = {
  title: 'adds a vNIC to a running VM',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    return {
      run: () => vm.addNic('nic2'),
      async again() {
        const added = (await bed.engine.list(`${vm.path}/nics`)).find(({ name }) => name === 'nic2')
        if (added) assert.equal(added.plugged, 'true', 'a vNIC that is not plugged is not added')
        else await vm.addNic('nic2')
      },
      remove: vm.remove,
    }
  },
}

export const unplugNic: Operation = {
  title: 'unplugs a vNIC',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    const [{ id }] = await bed.engine.list(`${vm.path}/nics`)
    const nic = `${vm.path}/nics/${id}`
    return {
      run: () => bed.engine.post(`${nic}/deactivate`),
      async again() {
        await bed.engine.post(`${nic}/activate`)
        await bed.engine.post(`${nic}/deactivate`)
      },
      remove: vm.remove,
    }
  },
}

export const deleteNic: Operation = {
  title: 'deletes a vNIC',
  async prepare(bed) {
    const vm = await addRunningVm(bed)
    const [{ id }] = await bed.engine.list(`${vm.path}/nics`)
    const nic = `${vm.path}/nics/${id}`
    await bed.engine.post(`${nic}/deactivate`)
    return {
      run: () => bed.engine.delete(nic),
      async again() {
        await bed.engine.send('DELETE', nic)
        assert.deepEqual(await bed.engine.list(`${vm.path}/nics`), [])
      },
      remove: vm.remove,
    }
  },
}

export const removeNetwork: Operation = {
  title: 'removes a network from its provider',
  async prepare(bed) {
    const { engine, provider } = bed
    const make = async () => {
      const { id: externalId } = await provider.networks.create({ name: 'red' })
      return (await importNetwork(engine, bed, { ...bed, externalId })).networkId
    }
    const drop = (id: string) => engine.delete(`/networks/${id}?remove_from_provider=true`)
    const networkId = await make()
    return {
      run: () => drop(networkId),
      async again() {
        if ((await engine.send('GET', `/networks/${networkId}`)).status === 200) await drop(networkId)
        await drop(await make())
      },
      remove: async () => {},
    }
  },
}

let count = 0

/** A VM that is down, without vNICs. */
export async function addVm({ engine, clusterId, profileId }: Bed) {
  const { id } = await engine.post('/vms', { name: `vm-${++count}`, cluster: { id: clusterId } })
  const path = `/vms/${id}`
  const status = async (): Promise<string> => (await engine.get(path)).status
  const stop = () => engine.post(`${path}/stop`)
  return {
    id: id as string,
    path,
    status,
    start: () => engine.post(`${path}/start`, { vm: { host: { name: 'host-a' } } }),
    stop,
    migrate: () => engine.post(`${path}/migrate`),
    /** Answers its path. */
    addNic: async (name: string, plugged = 'true') =>
      `${path}/nics/${(await engine.post(`${path}/nics`, { name, plugged, vnic_profile: { id: profileId } })).id}`,
    remove: async () => removeVmCompletely(engine, path, await status()),
  }
}

async function removeVmCompletely(engine: EngineApi, path: string, status: string): Promise<void> {
  if (status !== 'down') await engine.post(`${path}/stop`)
  await engine.delete(path)
}

/** A VM on host-a, with one vNIC that is plugged. */
export async function addRunningVm(bed: Bed) {
  const vm = await addVm(bed)
  await vm.addNic('nic1')
  await vm.start()
  return vm
}
