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

export function GeneralFields({ form: { values, set, field, tick }, isNew }: Props) {
  const { type, unmanaged } = values
  return (
    <>
      <TextField label={text.name} isRequired {...field('name')} />
      <TextField label={text.description} {...field('description')} />
      <ChoiceField
        label={text.type}
        {...field('type')}
        whyNot={isNew ? undefined : text.typeStays}
        options={Object.entries(text.types)}
      />
      <TextField
        label={text.plugin}
        {...field('plugin')}
        isRequired={type === 'neutron'}
        suggestions={plugins[type]}
        help={text.pluginHelp}
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
        {...tick('autoSync')}
        whyNot={unmanaged ? text.notAsked : undefined}
        help={text.autoSyncHelp}
      />
      {type === 'external' && (
        <Tick
          label={text.readOnly}
          {...tick('readOnly')}
          whyNot={unmanaged ? text.notAsked : undefined}
          help={text.readOnlyHelp}
        />
      )}
      <TextField
        label={text.url}
        isRequired={!unmanaged}
        whyNot={unmanaged ? text.notAsked : undefined}
        {...field('url')}
      />
    </>
  )
}
