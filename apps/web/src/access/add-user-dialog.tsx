// A new user of the engine's own directory.
import { request } from '../engine/request.ts'
import { useChange } from '../engine/use-change.ts'
import { TextField } from '../form/fields.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { text } from '../text/access.ts'
import { text as portal } from '../text/portal.ts'
import { PasswordFields } from './password-dialog.tsx'
import { blankUser, type UserForm, userMistakes, userRequest } from './user-form.ts'

export function AddUserDialog({ onClose }: { onClose: () => void }) {
  const form = useForm(blankUser, userMistakes)
  const add = useChange((values: UserForm) => request('POST', '/users', userRequest(values)), {
    kinds: ['user', 'event'],
    done: onClose,
  })
  const { field } = form
  return (
    <FormDialog
      title={text.addUser}
      verb={portal.add}
      isBusy={add.isPending}
      error={add.error}
      onSubmit={() => form.submit(add.mutate)}
      onClose={onClose}
    >
      <TextField label={text.userName} isRequired help={text.userNameHelp} {...field('userName')} />
      <TextField label={text.firstName} {...field('firstName')} />
      <TextField label={text.lastName} {...field('lastName')} />
      <TextField label={text.email} {...field('email')} />
      <PasswordFields form={form} />
    </FormDialog>
  )
}
