// A network that is made on a provider: which one, on which physical network, with a subnet.

import { externalProviderType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { networkType } from '@patchbay/ovirt-api/types/networks.ts'
import { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { FormSection } from '@patternfly/react-core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { collection } from '../engine/queries.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { useRights } from '../rights/use-rights.ts'
import { SubnetFields } from '../subnets/subnet-fields.tsx'
import { subnetMistakes } from '../subnets/subnet-form.ts'
import { text } from '../text/networks.ts'
import { text as rightsText } from '../text/rights.ts'
import type { NetworkForm } from './network-form.ts'

interface Props {
  readonly form: FormState<NetworkForm>
}

/** `clusterIds`: where the network is attached. */
export function ProviderFields({ form, clusterIds }: Props & { readonly clusterIds: readonly string[] }) {
  const { values, set, mistake, field, tick } = form
  const { isAdministrator } = useRights()
  const { data = [], isSuccess } = useQuery({
    ...collection(providerType, '/openstacknetworkproviders'),
    enabled: isAdministrator,
  })
  // OpenStack's are never read-only.
  const writable = data.filter(({ type, read_only }) => type === 'neutron' || !read_only)
  const hasNone = isSuccess && writable.length === 0
  const usual = useDefaultProvider(isAdministrator ? clusterIds : [])
  const preselected = writable.find(({ id }) => id === usual)?.id ?? writable[0]?.id ?? ''
  return (
    <>
      <Tick
        label={text.onProvider}
        isOn={values.onProvider}
        whyNot={isAdministrator ? (hasNone ? text.noWritableProvider : undefined) : rightsText.forAdministrators}
        onChange={(onProvider) => set({ onProvider, providerId: values.providerId || preselected })}
      />
      {values.onProvider && (
        <FormSection title={text.externalProvider} titleElement="h2">
          <ChoiceField
            label={text.externalProvider}
            isRequired
            {...field('providerId')}
            options={writable.map(({ id, name = '' }) => [id, name])}
          />
          <ChoiceField
            label={text.portSecurity}
            {...field('portSecurity')}
            options={Object.entries(text.portSecurities)}
          />
          <PhysicalFields form={form} />
          <Tick label={text.createSubnet} {...tick('hasSubnet')} />
          {values.hasSubnet && (
            <FormSection title={text.subnet} titleElement="h3">
              <SubnetFields
                values={values.subnet}
                mistakes={mistake('subnet') ? subnetMistakes(values.subnet) : {}}
                onChange={(subnet) => set({ subnet })}
              />
            </FormSection>
          )}
        </FormSection>
      )}
    </>
  )
}

/** That of the first of the clusters that has one. */
function useDefaultProvider(clusterIds: readonly string[]): string | undefined {
  return useQueries({
    queries: clusterIds.map((id) => collection(externalProviderType, `/clusters/${id}/externalnetworkproviders`)),
    combine: (answers) => answers.flatMap(({ data = [] }) => data)[0]?.id,
  })
}

function PhysicalFields({ form: { values, set, field, mistake } }: Props) {
  const { data = [] } = useQuery(collection(networkType, '/networks'))
  const physical = data.filter(
    ({ data_center, external_provider }) => !external_provider && data_center?.id === values.dataCenterId,
  )
  return (
    <>
      <ChoiceField label={text.physical} {...field('physical')} options={Object.entries(text.physicals)} />
      {values.physical === 'network' && (
        <ChoiceField
          label={text.physicals.network}
          isRequired
          {...field('physicalNetworkId')}
          options={[['', text.needed], ...physical.map(({ id, name = '' }) => [id, name] as const)]}
        />
      )}
      {values.physical === 'custom' && (
        <>
          <TextField label={text.physicalName} isRequired {...field('physicalName')} />
          <TextField
            label={text.externalVlan}
            value={values.vlanId}
            onChange={(vlanId) => set({ vlanId, hasVlan: vlanId !== '' })}
            mistake={mistake('vlanId')}
          />
        </>
      )}
    </>
  )
}
