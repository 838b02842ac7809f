// What a network is for in one cluster: oVirt's "Manage Networks", a network at a time.
import type { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Content } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { single } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { type Shown, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { Loaded } from '../feedback/loaded.tsx'
import { Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/cluster-use.ts'
import { text as portal } from '../text/portal.ts'
import { type ClusterUse, changedUse, clusterUseOf, clusterUseRequest, roles, whyNotUse } from './cluster-use.ts'

type Network = Shown<typeof networkType>

interface Props {
  readonly network: Network
  readonly cluster: Shown<typeof clusterType>
  readonly onClose: () => void
}

export const clusterNetworkPath = (clusterId: string, networkId: string) =>
  `/clusters/${clusterId}/networks/${networkId}`

export function ClusterUseDialog(props: Props) {
  const query = useQuery(single(networkType, clusterNetworkPath(props.cluster.id, props.network.id)))
  return <Loaded query={query}>{(attached) => <UseForm {...props} attached={attached} />}</Loaded>
}

function UseForm({ network, cluster, attached, onClose }: Props & { readonly attached: Network }) {
  const { initial, values, set, submit } = useForm<ClusterUse>(clusterUseOf(attached), () => ({}))
  const save = useChange(
    (use: ClusterUse) =>
      request(
        'PUT',
        clusterNetworkPath(cluster.id, network.id),
        writeResource(networkType, clusterUseRequest(use, attached)),
      ),
    { done: onClose },
  )
  return (
    <FormDialog
      title={text.title(network.name ?? '', cluster.name ?? '')}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => submit(save.mutate)}
      onClose={onClose}
    >
      <Content component="p">{text.one}</Content>
      {(['required', ...roles] as const).map((what) => (
        <Tick
          key={what}
          label={text.uses[what]}
          help={text.helps[what]}
          isOn={values[what]}
          whyNot={whyNotUse(what, network, initial, values)}
          onChange={(isOn) => set(changedUse(values, { [what]: isOn }))}
        />
      ))}
    </FormDialog>
  )
}
