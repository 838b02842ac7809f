// What a visitor sees. The address stays: who logs in is where they wanted to be.
import { Bullseye, Card, CardBody, CardTitle, Content } from '@patternfly/react-core'
import { text } from '../text/session.ts'
import { LoginForm } from './login-form.tsx'
import { Logo } from './logo.tsx'
import type { Session } from './session.ts'

export function LoginPage({ done }: { done: (session: Session) => void }) {
  return (
    <Bullseye className="login-page">
      <main>
        <Card isLarge className="login-card">
          <CardTitle component="h1">
            <Logo />
          </CardTitle>
          <CardBody>
            <Content component="p">{text.about}</Content>
            <LoginForm done={done} />
          </CardBody>
        </Card>
      </main>
    </Bullseye>
  )
}
