// Bind ports: after a migration, also one that failed, each port of the VM is bound to the host where the VM is and to no
// other, if it takes until the provider is back.

import { bindingHostIdOf, vnicsOf } from '../nics/vnic-ports.ts'
import type { Parts } from '../workflows/parts.ts'
import type { Workflow } from '../workflows/workflow.ts'
import { bindPort } from './port-allocation.ts'

export interface BindPortsState {
  readonly vmId: string
  /** The hosts it moved between. Engines before bindings did not note them. */
  readonly hostIds?: readonly string[]
}

export const bindPorts: Workflow<BindPortsState, Parts> = {
  kind: 'bind-ports',
  // Not the VM itself: it can be stopped or moved on while a provider is away.
  locks: () => [],
  onFailure: 'repeat',
  steps: [
    {
      name: 'bind each port to the host',
      async run({ vmId, hostIds = [] }, parts) {
        let hostId: string
        // Again when it has moved on meanwhile: a late answer of the provider must not bind it to where it was.
        do {
          hostId = await hostOf(parts, vmId)
          await bindAll(parts, vmId, hostId, hostIds)
        } while (hostId !== (await hostOf(parts, vmId)))
        return undefined
      },
    },
  ],
  async complain({ vmId }, { store, events }, error) {
    const vm = await store.vms.get(vmId)
    await events
      .about(vm ? { vm } : {})
      .tell(
        'PORTS_BOUND_LATE',
        `The ports of VM ${vm?.name} still name its former host; binding them is tried again until it succeeds: ${error.message}`,
      )
  },
}

/** '' for a VM that runs nowhere. */
const hostOf = async ({ store }: Parts, vmId: string) => (await store.vms.get(vmId))?.hostId ?? ''

async function bindAll(parts: Parts, vmId: string, hostId: string, hostIds: readonly string[]): Promise<void> {
  const vnics = await vnicsOf(parts, await parts.store.nics.find({ vmId, plugged: true }))
  await Promise.all(
    vnics.map(async (vnic) => {
      const bindingHostId = (id: string) => bindingHostIdOf(parts, id, vnic.provider.pluginType)
      const at = hostId === '' ? undefined : await bindingHostId(hostId)
      await bindPort(parts.providers, vnic, { at, between: await Promise.all(hostIds.map(bindingHostId)) })
    }),
  )
}
