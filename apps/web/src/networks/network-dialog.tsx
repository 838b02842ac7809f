// A new network: of the engine's own, or made on a provider.

import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { Content, FormSection } from '@patternfly/react-core'
import { useRef } from 'react'
import { useOwnDataCenters } from '../data-centers/own-data-centers.ts'
import { request } from '../engine/request.ts'
import { readResource, writeResource } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { Tick } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import { text as portal } from '../text/portal.ts'
import { ClusterTicks, useAttachable } from './cluster-ticks.tsx'
import { GeneralFields } from './general-fields.tsx'
import { blankNetwork, changedNetwork, type NetworkForm, networkMistakes, networkRequest } from './network-form.ts'
import { relabel } from './network-label.ts'
import { ProviderFields } from './provider-fields.tsx'

export function NetworkDialog({ onClose }: { onClose: () => void }) {
  const first = useOwnDataCenters()[0]?.id ?? ''
  // Where there is one data center only, nobody wants to choose it.
  const preselected = (values: NetworkForm) => ({ ...values, dataCenterId: values.dataCenterId || first })
  const form = useForm(blankNetwork, networkMistakes, { changed: changedNetwork, preselected })
  const { values } = form
  const clusters = useAttachable(values.dataCenterId)
  const clusterIds = clusters.filter(({ whyNot }) => whyNot === undefined).map(({ id }) => id)
  // Whose label alone was refused is not made twice.
  const made = useRef<string>(undefined)
  const add = useChange(
    async (wanted: NetworkForm) => {
      made.current ??= await makeNetwork(wanted, clusterIds)
      await relabel(made.current, '', wanted.label.trim())
    },
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
        <GeneralFields form={form} />
      </FormSection>
      <ProviderFields form={form} clusterIds={values.clusterIds ?? clusterIds} />
      <FormSection title={text.clusters} titleElement="h2">
        <ClusterTicks form={form} clusters={clusters} />
      </FormSection>
      <FormSection title={text.profiles} titleElement="h2">
        <Content component="p">{text.profileHelp}</Content>
        <Tick label={text.publicUse} help={text.publicUseHelp} {...form.tick('publicUse')} />
      </FormSection>
    </FormDialog>
  )
}

async function makeNetwork(values: NetworkForm, clusterIds: readonly string[]): Promise<string> {
  const body = writeResource(networkType, networkRequest(values, clusterIds))
  return readResource(networkType, await request('POST', '/networks', body)).id
}
