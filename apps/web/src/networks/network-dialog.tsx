// A new network: of the engine's own, or made on a provider.

import { clusterType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Content, FormSection } from '@patternfly/react-core'
import { useQuery } from '@tanstack/react-query'
import { useOwnDataCenters } from '../data-centers/own-data-centers.ts'
import { collection } from '../engine/queries.ts'
import { request } from '../engine/request.ts'
import { writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type FormState, useForm } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import { text as portal } from '../text/portal.ts'
import { GeneralFields } from './general-fields.tsx'
import { blankNetwork, changedNetwork, type NetworkForm, networkMistakes, networkRequest } from './network-form.ts'
import { ProviderFields } from './provider-fields.tsx'

export function NetworkDialog({ onClose }: { onClose: () => void }) {
  const first = useOwnDataCenters()[0]?.id ?? ''
  // Where there is one data center only, nobody wants to choose it.
  return <Filled key={first} dataCenterId={first} onClose={onClose} />
}

function Filled({ dataCenterId, onClose }: { dataCenterId: string; onClose: () => void }) {
  const form = useForm<NetworkForm>({ ...blankNetwork, dataCenterId }, networkMistakes)
  const withRules = { ...form, set: (change: Partial<NetworkForm>) => form.set(changedNetwork(form.values, change)) }
  const add = useChange(
    (values: NetworkForm) => request('POST', '/networks', writeResource(networkType, networkRequest(values))),
    { done: onClose },
  )
  return (
    <FormDialog
      title={text.newTitle}
      verb={portal.add}
      isBusy={add.isPending}
      error={add.error}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      <FormSection title={text.general} titleElement="h2">
        <GeneralFields form={withRules} />
      </FormSection>
      <ProviderFields form={withRules} />
      <FormSection title={text.clusters} titleElement="h2">
        <ClusterTicks form={withRules} />
      </FormSection>
      <FormSection title={text.profiles} titleElement="h2">
        <Content component="p">{text.profileHelp}</Content>
        <Tick
          label={text.publicUse}
          isOn={form.values.publicUse}
          onChange={(publicUse) => form.set({ publicUse })}
          help={text.publicUseHelp}
        />
      </FormSection>
    </FormDialog>
  )
}

function ClusterTicks({ form: { values, set } }: { form: FormState<NetworkForm> }) {
  const { data = [] } = useQuery(collection(clusterType, '/clusters'))
  const clusters = data.filter(({ data_center }) => data_center?.id === values.dataCenterId)
  const toggle = (id: string, isOn: boolean) =>
    set({ clusterIds: isOn ? [...values.clusterIds, id] : values.clusterIds.filter((each) => each !== id) })
  return (
    <>
      <Content component="p">{clusters.length > 0 ? text.attachHelp : text.clustersEmptyWhy}</Content>
      {clusters.map(({ id, name = '' }) => (
        <Tick key={id} label={name} isOn={values.clusterIds.includes(id)} onChange={(isOn) => toggle(id, isOn)} />
      ))}
    </>
  )
}
