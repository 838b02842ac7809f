// A new user, and a new password: what can be wrong with them.
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/access.ts'

export interface PasswordForm {
  readonly password: string
  readonly again: string
}

export interface UserForm extends PasswordForm {
  readonly userName: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

export const blankPassword: PasswordForm = { password: '', again: '' }
export const blankUser: UserForm = { ...blankPassword, userName: '', firstName: '', lastName: '', email: '' }

export const passwordMistakes = ({ password, again }: PasswordForm): Mistakes<PasswordForm> => ({
  ...(password === '' && { password: text.passwordNeeded }),
  ...(again !== password && { again: text.passwordsDiffer }),
})

export const userMistakes = (form: UserForm): Mistakes<UserForm> => ({
  ...(form.userName.trim() === '' && { userName: text.nameNeeded }),
  ...passwordMistakes(form),
})

/** The body of the request for it. */
export const userRequest = ({ userName, firstName, lastName, email, password }: UserForm) => ({
  user_name: userName.trim(),
  password,
  name: firstName.trim(),
  last_name: lastName.trim(),
  email: email.trim(),
})
