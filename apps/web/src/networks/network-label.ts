// The label of a network: it is attached to the interfaces with the same, on all hosts of its clusters.
import { networkLabelType, type networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../engine/request.ts'
import { readCollection, type Shown } from '../engine/resource.ts'

const pathOf = (networkId: string) => `/networks/${networkId}/networklabels`

/** '' for none. External networks take no label. */
export const networkLabel = ({ id, external_provider }: Shown<typeof networkType>) =>
  queryOptions({
    queryKey: ['network', pathOf(id)],
    async queryFn({ signal }) {
      if (external_provider) return ''
      const [label] = readCollection(networkLabelType, await request('GET', pathOf(id), undefined, signal))
      return label?.id ?? ''
    },
  })

export async function relabel(networkId: string, before: string, after: string): Promise<void> {
  if (after === before) return
  if (before !== '') await request('DELETE', `${pathOf(networkId)}/${encodeURIComponent(before)}`)
  if (after !== '') await request('POST', pathOf(networkId), { id: after })
}
