// Another password for a user.
import type { userType } from '@patchbay/ovirt-api/types/access.ts'
import { Content } from '@patternfly/react-core'
import { request } from '../engine/request.ts'
import type { Shown } from '../engine/resource.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
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
      <PasswordFields {...form} />
      <Content component="p">{text.endsSessions}</Content>
    </FormDialog>
  )
}

interface FieldsProps {
  readonly values: PasswordForm
  readonly set: (change: Partial<PasswordForm>) => void
  readonly mistake: (field: keyof PasswordForm) => string | undefined
}

export function PasswordFields({ values, set, mistake }: FieldsProps) {
  return (
    <>
      <TextField
        label={text.password}
        type="password"
        isRequired
        value={values.password}
        onChange={(password) => set({ password })}
        mistake={mistake('password')}
      />
      <TextField
        label={text.passwordAgain}
        type="password"
        isRequired
        value={values.again}
        onChange={(again) => set({ again })}
        mistake={mistake('again')}
      />
    </>
  )
}
