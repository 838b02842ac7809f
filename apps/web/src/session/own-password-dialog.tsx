// Another password for whoever is logged in. This session goes on; the user's others end.
import { Content } from '@patternfly/react-core'
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { type Mistakes, useForm } from '../form/use-form.ts'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/session.ts'

interface OwnPassword {
  readonly old: string
  readonly password: string
  readonly again: string
}

const mistakesOf = ({ old, password, again }: OwnPassword): Mistakes<OwnPassword> => ({
  ...(old === '' && { old: text.oldPasswordNeeded }),
  ...(password === '' && { password: text.newPasswordNeeded }),
  ...(again !== password && { again: text.passwordsDiffer }),
})

export function OwnPasswordDialog({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }) {
  const form = useForm({ old: '', password: '', again: '' }, mistakesOf)
  const save = useChange(
    ({ old, password }: OwnPassword) =>
      request('POST', `/users/${userId}/changepassword`, { password: old, new_password: password }),
    { kinds: ['user', 'event'], done: onClose },
  )
  return (
    <FormDialog
      title={text.changePassword}
      verb={portal.save}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={() => form.submit(save.mutate)}
      onClose={onClose}
    >
      <TextField label={text.oldPassword} type="password" isRequired {...form.field('old')} />
      <TextField label={text.newPassword} type="password" isRequired {...form.field('password')} />
      <TextField label={text.newPasswordAgain} type="password" isRequired {...form.field('again')} />
      <Content component="p">{text.endsOtherSessions}</Content>
    </FormDialog>
  )
}
