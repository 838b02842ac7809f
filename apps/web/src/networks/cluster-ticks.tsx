// Where a new network is attached: everywhere, unless somebody says otherwise.
import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { useRights } from '../rights/use-rights.ts'
import { text } from '../text/networks.ts'
import type { NetworkForm } from './network-form.ts'

interface Attachable {
  readonly id: string
  readonly name: string
  readonly whyNot: string | undefined
}

/** The clusters of the data center. */
export function useAttachable(dataCenterId: string): readonly Attachable[] {
  const { whyNot } = useRights()
  const { data = [] } = useQuery(collection(clusterType, '/clusters'))
  return data
    .filter(({ data_center }) => data_center?.id === dataCenterId)
    .map(({ id, name = '', data_center }) => ({ id, name, whyNot: whyNot('assign_cluster_network', { data_center }) }))
}

interface Props {
  readonly form: Pick<FormState<NetworkForm>, 'values' | 'set'>
  readonly clusters: readonly Attachable[]
}

export function ClusterTicks({ form: { values, set }, clusters }: Props) {
  const free = clusters.filter(({ whyNot }) => whyNot === undefined).map(({ id }) => id)
  const ticked = values.clusterIds ?? free
  const toggle = (id: string, isOn: boolean) =>
    set({ clusterIds: isOn ? [...ticked, id] : ticked.filter((each) => each !== id) })
  return (
    <>
      <Content component="p">{clusters.length > 0 ? text.attachHelp : text.clustersEmptyWhy}</Content>
      {clusters.map(({ id, name, whyNot }) => (
        <Tick key={id} label={name} isOn={ticked.includes(id)} whyNot={whyNot} onChange={(isOn) => toggle(id, isOn)} />
      ))}
    </>
  )
}
