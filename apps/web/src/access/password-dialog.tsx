// Another password for a user.
import type { userType } from '@patchbay/ovirt-api/types/access.ts'
import { Content } from '@patternfly/react-core'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type FormState, useForm } from '../form/use-form.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { blankPassword, type PasswordForm, passwordMistakes } from './user-form.ts'

interface Props {
  readonly user: Shown<typeof userType>
  readonly onClose: () => void
}

export function PasswordDialog({ user, onClose }: Props) {
  const form = useForm(blankPassword, passwordMistakes)
  const save = useChange(({ password }: PasswordForm) => request('PUT', `/users/${user.id}`, { password }), {
    kinds: ['user', 'event'],
    done: onClose,
  })
  return (
    <FormDialog
      title={text.setPasswordTitle(user.user_name ?? '')}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <PasswordFields form={form} />
      <Content component="p">{text.endsSessions}</Content>
    </FormDialog>
  )
}

export function PasswordFields({ form: { field } }: { readonly form: Pick<FormState<PasswordForm>, 'field'> }) {
  return (
    <>
      <TextField label={text.password} type="password" isRequired {...field('password')} />
      <TextField label={text.passwordAgain} type="password" isRequired {...field('again')} />
    </>
  )
}
