// Ours: where engine, providers and hosts disagree.
import { bool, int, list, reference, referenceTo, resource, struct, text } from '../element.ts'

export const reconciliationType = resource('reconciliation', 'reconciliations', {
  started: text,
  ended: text,
  providers: int,
  hosts: int,
  ports: int,
  /** Ports that this engine did not make, or does not know that it did. */
  foreign_ports: int,
  findings: list(
    'finding',
    struct({
      kind: text,
      repaired: bool,
      description: text,
      openstack_network_provider: referenceTo('openstacknetworkproviders'),
      host: referenceTo('hosts'),
      vm: referenceTo('vms'),
      nic: reference,
      port: reference,
    }),
  ),
})
