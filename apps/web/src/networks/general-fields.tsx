// What a network is, wherever it is made.

import { useOwnDataCenters } from '../data-centers/own-data-centers.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import type { NetworkForm } from './network-form.ts'
import { OwnFields } from './own-fields.tsx'

export function GeneralFields({ form }: { form: FormState<NetworkForm> }) {
  const data = useOwnDataCenters()
  const { values, field, tick } = form
  return (
    <>
      <ChoiceField
        label={text.dataCenter}
        isRequired
        {...field('dataCenterId')}
        options={data.map(({ id, name = '' }) => [id, name])}
      />
      <TextField
        label={text.name}
        isRequired
        {...field('name')}
        help={/^[0-9a-zA-Z_-]{0,15}$/.test(values.name) ? undefined : text.nameHelp}
      />
      <TextField label={text.description} {...field('description')} />
      <TextField label={text.comment} {...field('comment')} />
      <TextField label={text.mtu} {...field('mtu')} help={text.mtuHelp} />
      {!values.onProvider && (
        <OwnFields form={form}>
          <Tick
            label={text.portIsolation}
            {...tick('portIsolation')}
            whyNot={values.vmNetwork ? undefined : text.vmNetworksOnly}
          />
        </OwnFields>
      )}
    </>
  )
}
