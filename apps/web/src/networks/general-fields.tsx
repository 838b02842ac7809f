// What a network is, wherever it is made.

import { useOwnDataCenters } from '../data-centers/own-data-centers.ts'
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import type { NetworkForm } from './network-form.ts'
import { OwnFields } from './own-fields.tsx'

export function GeneralFields({ form: { values, set, mistake } }: { form: FormState<NetworkForm> }) {
  const data = useOwnDataCenters()
  const { onProvider } = values
  return (
    <>
      <ChoiceField
        label={text.dataCenter}
        isRequired
        value={values.dataCenterId}
        options={data.map(({ id, name = '' }) => [id, name])}
        onChange={(dataCenterId) => set({ dataCenterId })}
        mistake={mistake('dataCenterId')}
      />
      <TextField
        label={text.name}
        isRequired
        value={values.name}
        onChange={(name) => set({ name })}
        help={/^[0-9a-zA-Z_-]{0,15}$/.test(values.name) ? undefined : text.nameHelp}
        mistake={mistake('name')}
      />
      <TextField label={text.description} value={values.description} onChange={(description) => set({ description })} />
      <TextField label={text.comment} value={values.comment} onChange={(comment) => set({ comment })} />
      <TextField
        label={text.mtu}
        value={values.mtu}
        onChange={(mtu) => set({ mtu })}
        help={text.mtuHelp}
        mistake={mistake('mtu')}
      />
      {!onProvider && (
        <OwnFields form={{ values, set, mistake }}>
          <Tick
            label={text.portIsolation}
            isOn={values.portIsolation}
            whyNot={values.vmNetwork ? undefined : text.vmNetworksOnly}
            onChange={(portIsolation) => set({ portIsolation })}
          />
        </OwnFields>
      )}
    </>
  )
}
