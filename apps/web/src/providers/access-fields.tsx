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
  const { values, set, mistake } = form
  return (
    <>
      <Tick
        label={text.requiresAuthentication}
        isOn={values.requiresAuthentication}
        whyNot={values.unmanaged ? text.notAsked : undefined}
        onChange={(requiresAuthentication) => set({ requiresAuthentication })}
      />
      {values.requiresAuthentication && (
        <>
          <TextField
            label={text.username}
            isRequired
            value={values.username}
            onChange={(username) => set({ username })}
            mistake={mistake('username')}
          />
          <TextField
            label={text.password}
            type="password"
            isRequired={!hasPassword}
            value={values.password}
            placeholder={hasPassword ? '********' : ''}
            help={hasPassword ? text.passwordKept : undefined}
            onChange={(password) => set({ password })}
            mistake={mistake('password')}
          />
          <IdentityFields form={form} />
          <ScopeFields form={form} />
        </>
      )}
    </>
  )
}

/** Where the Identity service is. */
function IdentityFields({ form: { values, set, mistake } }: { form: FormState<ProviderForm> }) {
  return (
    <>
      <ChoiceField
        label={text.protocol}
        value={values.protocol}
        options={[
          ['http', 'http'],
          ['https', 'https'],
        ]}
        onChange={(protocol) => set({ protocol })}
      />
      <TextField
        label={text.host}
        isRequired
        value={values.host}
        onChange={(host) => set({ host })}
        mistake={mistake('host')}
      />
      <TextField
        label={text.port}
        isRequired
        value={values.port}
        onChange={(port) => set({ port })}
        mistake={mistake('port')}
      />
      <ChoiceField
        label={text.version}
        value={values.version}
        options={[
          ['v2.0', 'v2.0'],
          ['v3', 'v3'],
        ]}
        onChange={(version) => set({ version: version === 'v3' ? 'v3' : 'v2.0' })}
      />
    </>
  )
}

/** For whom: a tenant, or since version 3 a project, with their domains. */
function ScopeFields({ form: { values, set, mistake } }: { form: FormState<ProviderForm> }) {
  const isNeutron = values.type === 'neutron'
  if (values.version === 'v2.0')
    return (
      <TextField
        label={text.tenant}
        isRequired={isNeutron}
        value={values.tenant}
        onChange={(tenant) => set({ tenant })}
        mistake={mistake('tenant')}
      />
    )
  return (
    <>
      <TextField
        label={text.userDomain}
        isRequired={isNeutron}
        value={values.userDomain}
        onChange={(userDomain) => set({ userDomain })}
        mistake={mistake('userDomain')}
      />
      <TextField label={text.project} value={values.project} onChange={(project) => set({ project })} />
      <TextField
        label={text.projectDomain}
        value={values.projectDomain}
        onChange={(projectDomain) => set({ projectDomain })}
      />
    </>
  )
}
