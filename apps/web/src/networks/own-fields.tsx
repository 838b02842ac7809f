// What hosts do for networks of the engine's own: fields of a new network, and of its edit.
import { TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import type { NetworkForm } from './network-form.ts'

type Own = Pick<NetworkForm, 'label' | 'hasVlan' | 'vlanId' | 'vmNetwork' | 'dnsServers'>

interface Props {
  readonly form: Pick<FormState<Own>, 'values' | 'set' | 'mistake'>
  /** Where there is one: what depends on whether the network is for virtual machines. */
  readonly children?: React.ReactNode
}

export function OwnFields({ form: { values, set, mistake }, children }: Props) {
  return (
    <>
      <TextField
        label={text.label}
        help={text.labelHelp}
        value={values.label}
        onChange={(label) => set({ label })}
        mistake={mistake('label')}
      />
      <Tick label={text.vlanTagging} isOn={values.hasVlan} onChange={(hasVlan) => set({ hasVlan })} />
      {values.hasVlan && (
        <TextField
          label={text.vlanId}
          isRequired
          value={values.vlanId}
          onChange={(vlanId) => set({ vlanId })}
          mistake={mistake('vlanId')}
        />
      )}
      <Tick label={text.vmNetwork} isOn={values.vmNetwork} onChange={(vmNetwork) => set({ vmNetwork })} />
      {children}
      <TextField
        label={text.dnsServers}
        value={values.dnsServers}
        onChange={(dnsServers) => set({ dnsServers })}
        help={text.dnsHelp}
      />
    </>
  )
}
