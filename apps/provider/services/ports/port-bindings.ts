// The bindings of a port: where it is, where it is about to be, and where it was. The active one is in the attributes of
// the port itself, the others in a list beside them: whoever changes the port changes all of them at once.
import { NetworkingError } from '@patchbay/networking-api/errors.ts'
import type { Change, Draft } from '@patchbay/networking-api/resource.ts'
import {
  type InactiveBinding,
  maxInactiveBindings,
  type PortBinding,
  type PortBindingAttributes,
} from '@patchbay/networking-api/resources/port-bindings.ts'
import type { Port } from '@patchbay/networking-api/resources/ports.ts'
import type { Backend, Transaction } from '../../backends/backend.ts'
import { foundPort } from '../../backends/facts/found.ts'
import type { PortService } from './ports.ts'

/** All throw PortNotFound; with a host, PortBindingNotFound. */
export interface PortBindings {
  /** The active one first. A port that is bound nowhere has no active one. */
  list(portId: string): PortBinding[]
  get(portId: string, host: string): PortBinding
  /** An inactive one: the VIF may be wired at this host from now on. */
  create(portId: string, draft: Draft<PortBindingAttributes>): Promise<PortBinding>
  update(portId: string, host: string, change: Change<PortBindingAttributes>): Promise<PortBinding>
  /** The port is at this host from now on, and no longer where it was: that binding becomes inactive. */
  activate(portId: string, host: string): Promise<PortBinding>
  /** Of the active one: the port is bound nowhere then. */
  remove(portId: string, host: string): Promise<void>
}

export function createPortBindings(backend: Backend, { revise }: Pick<PortService, 'revise'>): PortBindings {
  const { vifType } = backend.capabilities
  const found = (port: Port, host: string): PortBinding => {
    const binding = bindingsOf(port, vifType).find((each) => each.host === host)
    if (!binding) throw new NetworkingError('PortBindingNotFound', { id: port.id, host })
    return binding
  }
  /** `change` answers what becomes of a port that has a binding at this host. */
  const rebind = (portId: string, host: string, change: (port: Port, binding: PortBinding) => Partial<Port>) =>
    backend.write((transaction) => {
      const port = foundPort(transaction, portId)
      return revise(transaction, port, change(port, found(port, host)))
    })
  return {
    list: (portId) => bindingsOf(foundPort(backend.state, portId), vifType),
    get: (portId, host) => found(foundPort(backend.state, portId), host),
    create: (portId, { host, vnic_type, profile }) =>
      backend.write((transaction: Transaction) => {
        const port = foundPort(transaction, portId)
        refuseAnother(port, host)
        const inactive_bindings = [...port.inactive_bindings, { host, vnic_type, profile, prepared: true }]
        return found(revise(transaction, port, { inactive_bindings }), host)
      }),
    async update(portId, host, change) {
      const port = await rebind(portId, host, (before, { status }) =>
        status === 'ACTIVE' ? asOfPort(change) : withInactive(before, host, (binding) => [{ ...binding, ...change }]),
      )
      return found(port, host)
    },
    async activate(portId, host) {
      const port = await rebind(portId, host, (before, { status, vnic_type, profile }) => {
        if (status === 'ACTIVE') throw new NetworkingError('PortBindingAlreadyActive', { id: portId, host })
        const { inactive_bindings } = withInactive(before, host, () => [])
        return {
          ...asOfPort({ vnic_type, profile }),
          'binding:host_id': host,
          inactive_bindings: [...inactive_bindings, ...formerOf(before)],
        }
      })
      return found(port, host)
    },
    async remove(portId, host) {
      await rebind(portId, host, (before, { status }) =>
        status === 'ACTIVE' ? { 'binding:host_id': '' } : withInactive(before, host, () => []),
      )
    },
  }
}

function refuseAnother(port: Port, host: string): void {
  const { id, inactive_bindings: inactive } = port
  if (port['binding:host_id'] === host || inactive.some((each) => each.host === host))
    throw new NetworkingError('PortBindingAlreadyExists', { id, host })
  if (inactive.length >= maxInactiveBindings) throw new NetworkingError('PortBindingError', { id, host })
}

function bindingsOf(port: Port, vifType: string): PortBinding[] {
  const { 'binding:host_id': host, project_id } = port
  const active: PortBinding = {
    host,
    vif_type: port['binding:vif_type'],
    vif_details: port['binding:vif_details'],
    vnic_type: port['binding:vnic_type'],
    profile: port['binding:profile'],
    status: 'ACTIVE',
    project_id,
  }
  const inactive = port.inactive_bindings.map(
    ({ prepared, ...binding }): PortBinding => ({
      host: binding.host,
      vif_type: prepared ? vifType : 'unbound',
      vif_details: {},
      vnic_type: binding.vnic_type,
      profile: binding.profile,
      status: 'INACTIVE',
      project_id,
    }),
  )
  return host === '' ? inactive : [active, ...inactive]
}

const asOfPort = ({ vnic_type, profile }: Change<PortBindingAttributes>): Partial<Port> => ({
  ...(vnic_type && { 'binding:vnic_type': vnic_type }),
  ...(profile && { 'binding:profile': profile }),
})

const withInactive = (port: Port, host: string, change: (binding: InactiveBinding) => InactiveBinding[]) => ({
  inactive_bindings: port.inactive_bindings.flatMap((each) => (each.host === host ? change(each) : [each])),
})

/** What the active binding of a port becomes when another is activated. */
function formerOf(port: Port): InactiveBinding[] {
  const { 'binding:host_id': host, 'binding:vnic_type': vnic_type, 'binding:profile': profile } = port
  return host === '' ? [] : [{ host, vnic_type, profile, prepared: false }]
}
