// The labels of a host's interfaces: networks of its cluster with the same label come to them.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkLabelType } from '@patchbay/ovirt-api/types/networks.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../engine/request.ts'
import { readCollection, type Shown } from '../engine/resource.ts'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/hosts.ts'

export interface LabelForm {
  /** With commas between. */
  readonly labels: string
}

/** By the id of the interface. */
export const nicLabels = ({ id }: Shown<typeof hostType>) =>
  queryOptions({
    queryKey: ['host_nic', `/hosts/${id}/nics`, 'networklabels'],
    async queryFn({ signal }) {
      const answer = await request('GET', `/hosts/${id}/nics?follow=networklabels`, undefined, signal)
      return labelsOf(answer as FollowedNics)
    },
  })

interface FollowedNics {
  readonly host_nic?: readonly { readonly id: string; readonly network_labels?: unknown }[]
}

export const labelsOf = ({ host_nic: nics = [] }: FollowedNics): ReadonlyMap<string, readonly string[]> =>
  new Map(
    nics.map(({ id, network_labels: all = {} }) => [id, readCollection(networkLabelType, all).map((each) => each.id)]),
  )

export const labelMistakes = (form: LabelForm): Mistakes<LabelForm> =>
  labelsIn(form).every((label) => /^[\w-]{1,50}$/.test(label)) ? {} : { labels: text.labelMistake }

/** The body of `setupnetworks`: what comes and what goes. */
export function labelRequest(nicId: string, before: readonly string[], form: LabelForm): object {
  const after = labelsIn(form)
  const without = (all: readonly string[], others: readonly string[]) => all.filter((each) => !others.includes(each))
  return {
    modified_labels: { network_label: without(after, before).map((id) => ({ id, host_nic: { id: nicId } })) },
    removed_labels: { network_label: without(before, after).map((id) => ({ id })) },
    check_connectivity: 'true',
    commit_on_success: 'true',
  }
}

const labelsIn = ({ labels }: LabelForm): string[] => [
  ...new Set(labels.split(',').flatMap((each) => each.trim() || [])),
]
