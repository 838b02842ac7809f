// The fields of a subnet: of its own dialog, and of that of a new network.
import { ChoiceField, TextField } from '../form/fields.tsx'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/subnets.ts'
import { changedSubnet, type SubnetForm } from './subnet-form.ts'

interface Props {
  readonly values: SubnetForm
  readonly mistakes: Mistakes<SubnetForm>
  readonly onChange: (values: SubnetForm) => void
}

export function SubnetFields({ values, mistakes, onChange }: Props) {
  const set = (change: Partial<SubnetForm>) => onChange(changedSubnet(values, change))
  return (
    <>
      <TextField
        label={text.name}
        isRequired
        value={values.name}
        onChange={(name) => set({ name })}
        mistake={mistakes.name}
      />
      <TextField
        label={text.cidr}
        isRequired
        value={values.cidr}
        help={text.cidrHelp}
        onChange={(cidr) => set({ cidr })}
        mistake={mistakes.cidr}
      />
      <ChoiceField
        label={text.version}
        value={values.version}
        options={Object.entries(text.versions)}
        onChange={(version) => set({ version: version === 'v6' ? 'v6' : 'v4' })}
      />
      <TextField
        label={text.gateway}
        value={values.gateway}
        onChange={(gateway) => set({ gateway })}
        mistake={mistakes.gateway}
      />
      <TextField
        label={text.dnsServers}
        value={values.dnsServers}
        help={text.dnsHelp}
        onChange={(dnsServers) => set({ dnsServers })}
        mistake={mistakes.dnsServers}
      />
    </>
  )
}
