// What hosts do for networks of the engine's own: fields of a new network, and of its edit.
import { TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/networks.ts'
import type { NetworkForm } from './network-form.ts'

type Own = Pick<NetworkForm, 'label' | 'hasVlan' | 'vlanId' | 'vmNetwork' | 'dnsServers'>

interface Props {
  readonly form: Pick<FormState<Own>, 'values' | 'field' | 'tick'>
  /** Where there is one: what depends on whether the network is for virtual machines. */
  readonly children?: React.ReactNode
}

export function OwnFields({ form: { values, field, tick }, children }: Props) {
  return (
    <>
      <TextField label={text.label} help={text.labelHelp} {...field('label')} />
      <Tick label={text.vlanTagging} {...tick('hasVlan')} />
      {values.hasVlan && <TextField label={text.vlanId} isRequired {...field('vlanId')} />}
      <Tick label={text.vmNetwork} {...tick('vmNetwork')} />
      {children}
      <TextField label={text.dnsServers} {...field('dnsServers')} help={text.dnsHelp} />
    </>
  )
}
