// How the engine logs in at a provider.
import { ChoiceField, TextField, Tick } from '../form/fields.tsx'
import type { FormState } from '../form/use-form.ts'
import { text } from '../text/providers.ts'
import type { ProviderForm } from './provider-form.ts'

interface Props {
  readonly form: FormState<ProviderForm>
  /** One is stored. */
  readonly hasPassword: boolean
}

export function AccessFields({ form, hasPassword }: Props) {
  const { values, field, tick } = form
  return (
    <>
      <Tick
        label={text.requiresAuthentication}
        {...tick('requiresAuthentication')}
        whyNot={values.unmanaged ? text.notAsked : undefined}
      />
      {values.requiresAuthentication && (
        <>
          <TextField label={text.username} isRequired {...field('username')} />
          <TextField
            label={text.password}
            type="password"
            isRequired={!hasPassword}
            {...field('password')}
            placeholder={hasPassword ? '********' : ''}
            help={hasPassword ? text.passwordKept : undefined}
          />
          <IdentityFields form={form} />
          <ScopeFields form={form} />
        </>
      )}
    </>
  )
}

/** Where the Identity service is. */
function IdentityFields({ form: { field } }: { form: FormState<ProviderForm> }) {
  return (
    <>
      <ChoiceField
        label={text.protocol}
        {...field('protocol')}
        options={[
          ['http', 'http'],
          ['https', 'https'],
        ]}
      />
      <TextField label={text.host} isRequired {...field('host')} />
      <TextField label={text.port} isRequired {...field('port')} />
      <ChoiceField
        label={text.version}
        {...field('version')}
        options={[
          ['v2.0', 'v2.0'],
          ['v3', 'v3'],
        ]}
      />
    </>
  )
}

/** For whom: a tenant, or since version 3 a project, with their domains. */
function ScopeFields({ form: { values, field } }: { form: FormState<ProviderForm> }) {
  const isNeutron = values.type === 'neutron'
  if (values.version === 'v2.0') return <TextField label={text.tenant} isRequired={isNeutron} {...field('tenant')} />
  return (
    <>
      <TextField label={text.userDomain} isRequired={isNeutron} {...field('userDomain')} />
      <TextField label={text.project} {...field('project')} />
      <TextField label={text.projectDomain} {...field('projectDomain')} />
    </>
  )
}
