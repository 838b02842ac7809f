// What the interfaces of a host have received and sent, as the host tells at this moment.
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../engine/request.ts'
import { readCollection, type Shown } from '../engine/resource.ts'

/** Bytes since the interface is there; undefined where the host does not tell. */
export interface NicCounters {
  readonly received: number | undefined
  readonly sent: number | undefined
}

const everyMs = 15_000

/** By the id of the interface. */
export const nicCounters = ({ id }: Shown<typeof hostType>) =>
  queryOptions({
    queryKey: ['host_nic', `/hosts/${id}/nics`, 'statistics'],
    refetchInterval: everyMs,
    async queryFn({ signal }) {
      const answer = await request('GET', `/hosts/${id}/nics?follow=statistics`, undefined, signal)
      return countersIn(answer as FollowedNics)
    },
  })

interface FollowedNics {
  readonly host_nic?: readonly { readonly id: string; readonly statistics?: unknown }[]
}

export function countersIn({ host_nic: nics = [] }: FollowedNics): ReadonlyMap<string, NicCounters> {
  return new Map(
    nics.map(({ id, statistics = {} }) => {
      const told = readCollection(statisticType, statistics)
      const datum = (name: string) => {
        const value = told.find((each) => each.name === name)?.values?.[0]?.datum
        return value === undefined ? undefined : Number(value)
      }
      return [id, { received: datum('data.total.rx'), sent: datum('data.total.tx') }]
    }),
  )
}

const units = new Intl.NumberFormat('en', { notation: 'compact', style: 'unit', unit: 'byte', unitDisplay: 'narrow' })

export const shownBytes = (bytes: number | undefined) => (bytes === undefined ? '–' : units.format(bytes))
