// What a visitor sees. The address stays: who logs in is where they wanted to be.
import { Login, LoginMainBody, LoginMainHeader } from '@patternfly/react-core'
import { Logo } from '../app/logo.tsx'
import { text } from '../text/session.ts'
import { LoginForm } from './login-form.tsx'

export function LoginPage({ done }: { done: (user: string) => void }) {
  return (
    <Login header={<Logo />} footer={<p>{text.about}</p>}>
      <LoginMainHeader title={text.title} subtitle={text.subtitle} />
      <LoginMainBody>
        <LoginForm done={done} />
      </LoginMainBody>
    </Login>
  )
}
