// What a provider is, and where.
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/providers.ts'
import type { ProviderForm } from './provider-form.ts'

interface Props {
  readonly form: FormState<ProviderForm>
  readonly isNew: boolean
}

const plugins = { external: ['LINUX_BRIDGE', 'OVIRT_PROVIDER_OVN'], neutron: ['OPEN_VSWITCH'] }

export function GeneralFields({ form: { values, set, mistake }, isNew }: Props) {
  const { type, unmanaged } = values
  return (
    <>
      <TextField
        label={text.name}
        isRequired
        value={values.name}
        onChange={(name) => set({ name })}
        mistake={mistake('name')}
      />
      <TextField label={text.description} value={values.description} onChange={(description) => set({ description })} />
      <ChoiceField
        label={text.type}
        value={type}
        whyNot={isNew ? undefined : text.typeStays}
        options={Object.entries(text.types)}
        onChange={(next) => set({ type: next as ProviderForm['type'] })}
      />
      <TextField
        label={text.plugin}
        value={values.plugin}
        isRequired={type === 'neutron'}
        suggestions={plugins[type]}
        onChange={(plugin) => set({ plugin })}
        help={text.pluginHelp}
        mistake={mistake('plugin')}
      />
      {type === 'external' && (
        <Tick
          label={text.unmanaged}
          isOn={unmanaged}
          onChange={(on) => set({ unmanaged: on })}
          help={text.unmanagedHelp}
        />
      )}
      <Tick
        label={text.autoSync}
        isOn={values.autoSync}
        whyNot={unmanaged ? text.notAsked : undefined}
        onChange={(autoSync) => set({ autoSync })}
        help={text.autoSyncHelp}
      />
      {type === 'external' && (
        <Tick
          label={text.readOnly}
          isOn={values.readOnly}
          whyNot={unmanaged ? text.notAsked : undefined}
          onChange={(readOnly) => set({ readOnly })}
          help={text.readOnlyHelp}
        />
      )}
      <TextField
        label={text.url}
        isRequired={!unmanaged}
        whyNot={unmanaged ? text.notAsked : undefined}
        value={values.url}
        onChange={(url) => set({ url })}
        mistake={mistake('url')}
      />
    </>
  )
}
