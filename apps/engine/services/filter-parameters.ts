// Parameters of the network filter of a vNIC, such as the addresses that it may use. Its host is told at its next plug.
import { randomUUID } from 'node:crypto'
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { networkFilterParameterType } from '@patchbay/ovirt-api/types/nic-details.ts'
import { Fault } from '../faults.ts'
import { shared } from '../lifecycle/workflows/locks.ts'
import type { Parts } from '../lifecycle/workflows/parts.ts'
import type { FilterParameter, Nic } from '../store/entities/vms.ts'
import { checkedText } from './names.ts'

type ParameterRequest = ResourceOf<typeof networkFilterParameterType>

export interface FilterParameterService {
  get(nic: Nic, id: string): FilterParameter
  add(nic: Nic, request: ParameterRequest): Promise<FilterParameter>
  edit(nic: Nic, id: string, request: ParameterRequest): Promise<FilterParameter>
  remove(nic: Nic, id: string): Promise<void>
}

export function createFilterParameterService({ store, locks }: Parts): FilterParameterService {
  function get({ filterParameters }: Nic, id: string): FilterParameter {
    const found = filterParameters.find((each) => each.id === id)
    if (!found) throw new Fault('NOT_FOUND', { what: 'Network filter parameter', id })
    return found
  }

  async function change(nic: Nic, changed: (before: Nic) => FilterParameter[]): Promise<void> {
    const action = 'change the network filter of a vNIC'
    const names = [shared(`vm:${nic.vmId}`), `nic:${nic.id}`]
    const work = () =>
      store.transaction(async ({ nics }) => {
        const now = await nics.get(nic.id)
        if (!now) throw new Fault('NOT_FOUND', { what: 'vNIC', id: nic.id })
        await nics.update(nic.id, { filterParameters: changed(now) })
      })
    await locks.during(names, action, work, { isBrief: true })
  }

  return {
    get,
    async add(nic, request) {
      const made = { id: randomUUID(), ...checked(request.name ?? '', request.value ?? '') }
      await change(nic, ({ filterParameters }) => [...filterParameters, made])
      return made
    },
    async edit(nic, id, { name, value }) {
      const before = get(nic, id)
      const after = { id, ...checked(name ?? before.name, value ?? before.value) }
      await change(nic, (now) => {
        get(now, id)
        return now.filterParameters.map((each) => (each.id === id ? after : each))
      })
      return after
    },
    async remove(nic, id) {
      await change(nic, (now) => {
        get(now, id)
        return now.filterParameters.filter((each) => each.id !== id)
      })
    },
  }
}

/** As libvirt's filters name their variables. */
function checked(name: string, value: string): Pick<FilterParameter, 'name' | 'value'> {
  if (name === '' || value === '')
    throw new Fault('INCOMPLETE_PARAMETERS', { what: 'NetworkFilterParameter [name, value]', action: 'add' })
  if (!/^[A-Za-z0-9_]{1,255}$/.test(name))
    throw new Fault('VALIDATION_NAME_INVALID', {
      name: name.slice(0, 100),
      max: 255,
      characters: 'letters, digits and "_"',
    })
  return { name, value: checkedText(value, 'The value', 255) }
}
