// `patchbay host interfaces|label|unlabel …`: the interfaces of a host, and their labels.
import type { Command } from 'commander'
import { engineVerb, nounOf } from '../session/verb.ts'
import { hostNamed } from './hosts.ts'
import { lasting, setUp } from './set-up.ts'

const bitsPerMegabit = 1_000_000

export function registerInterfaces(program: Command): void {
  const noun = nounOf(program, 'host', 'hosts').commandsGroup('Interfaces and networks:')
  engineVerb(noun, 'interfaces <host>', 'its NICs, bonds and VLANs, with their labels', async (session, [host]) => ({
    items: await session.list(`/hosts/${(await hostNamed(session, host!)).id}/nics?follow=networklabels`),
    columns: [
      ['NAME', ({ name }) => name],
      ['MAC', ({ mac }) => mac?.address],
      ['STATUS', ({ status }) => status],
      ['MB/S', ({ speed }) => speed && Number(speed) / bitsPerMegabit],
      ['CARRIES', ({ network }) => network?.name],
      ['ON', ({ base_interface: base, vlan }) => base && `${base}, VLAN ${vlan?.id}`],
      ['OF', ({ bonding }) => bonding?.slaves?.host_nic?.map((slave: { name: string }) => slave.name).join(' ')],
      ['LABELS', ({ network_labels: all }) => all?.network_label?.map(({ id }: { id: string }) => id).join(' ')],
    ],
  }))
  const labeling = engineVerb(
    noun,
    'label <host> <interface> <label>',
    "label a NIC or bond: networks of the host's cluster with that label come to it",
    async (session, [host, nic, label], flags) => {
      const { id } = await hostNamed(session, host!)
      const labels = { modified_labels: { network_label: [{ id: label, host_nic: { name: nic } }] } }
      await setUp(session, id, labels, flags)
      return { done: `${nic} of host ${host} has the label ${label}` }
    },
  )
  lasting(labeling)
  const unlabeling = engineVerb(
    noun,
    'unlabel <host> <label>',
    'take a label, and the networks that came with it, off its interface',
    async (session, [host, label], flags) => {
      const { id } = await hostNamed(session, host!)
      await setUp(session, id, { removed_labels: { network_label: [{ id: label }] } }, flags)
      return { done: `host ${host} has no longer the label ${label}` }
    },
  )
  lasting(unlabeling)
}
