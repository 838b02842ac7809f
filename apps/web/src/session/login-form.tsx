// Name and password.
import { ActionGroup, Form, FormGroup, TextInput } from '@patternfly/react-core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ActionButton } from '../feedback/action-button.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text as portal } from '../text/portal.ts'
import { text } from '../text/session.ts'
import { logIn, type Session } from './session.ts'

interface Props {
  readonly done: (session: Session) => void
  readonly initialUser?: string
}

export function LoginForm({ done, initialUser = 'admin@internal' }: Props) {
  const [name, setName] = useState(initialUser)
  const [password, setPassword] = useState('')
  const login = useMutation({ mutationFn: () => logIn(name, password), onSuccess: done })
  const whyNot = login.isPending ? portal.loading : name === '' ? text.userNeeded : undefined
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        if (whyNot === undefined) login.mutate()
      }}
    >
      {login.error && <FailureAlert error={login.error} title={text.refused} />}
      <FormGroup label={text.user} isRequired fieldId="login-user">
        <TextInput
          id="login-user"
          value={name}
          onChange={(_event, value) => setName(value)}
          isRequired
          autoComplete="username"
        />
      </FormGroup>
      <FormGroup label={text.password} isRequired fieldId="login-password">
        <TextInput
          id="login-password"
          type="password"
          value={password}
          onChange={(_event, value) => setPassword(value)}
          isRequired
          autoFocus
          autoComplete="current-password"
        />
      </FormGroup>
      <ActionGroup>
        <ActionButton type="submit" isBlock isLoading={login.isPending} whyNot={whyNot}>
          {text.logIn}
        </ActionButton>
      </ActionGroup>
    </Form>
  )
}
