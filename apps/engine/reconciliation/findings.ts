// What a reconciliation finds: something on which engine, provider and hosts disagree.

export const findingKinds = {
  port_left: 'a port of a vNIC that is gone, or is on another network by now',
  port_doubled: 'a vNIC with several ports on its network',
  port_missing: 'a vNIC whose port is gone',
  binding_differs: 'a port that is bound to another host than that of its VM',
  vif_missing: 'a plugged vNIC that its host does not have',
  vif_unknown: 'a NIC of a VM that is no plugged vNIC of it',
  vm_unknown: 'a VM on a host where the engine has none',
  not_compared: 'a provider or host that could not be asked',
} as const

export type FindingKind = keyof typeof findingKinds

export interface Finding {
  readonly kind: FindingKind
  /** It was certain what to do, and it is done. */
  readonly repaired: boolean
  readonly description: string
  readonly providerId?: string
  readonly hostId?: string
  readonly vmId?: string
  readonly nicId?: string
  readonly portId?: string
}

/** The same from one run to the next. */
export const keyOf = ({ kind, providerId, hostId, vmId, nicId, portId }: Finding): string =>
  [kind, providerId, hostId, vmId, nicId, portId].join('/')
