// The portal for who is logged in, the log-in page for who is not. A session that ends in the middle of work is renewed
// over the page, which keeps everything that was typed.
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { onSessionEnd, renewSession } from '../engine/request.ts'
import { Busy } from '../feedback/busy.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text } from '../text/session.ts'
import { LoginForm } from './login-form.tsx'
import { LoginPage } from './login-page.tsx'
import { currentSession, logOut, type Session } from './session.ts'

interface SessionState extends Session {
  logOut(): Promise<void>
}

const SessionContext = createContext<SessionState>({
  ...{ user: '', id: '', rights: { administrator: false, everything: false, grants: [] } },
  logOut: async () => {},
})

export const useSession = () => useContext(SessionContext)

export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const key = ['session']
  const session = useQuery({
    queryKey: key,
    queryFn: async () => (await currentSession()) ?? (client.getQueryData(key) ? sessionAgain() : null),
    staleTime: Infinity,
    // What the user may do can change.
    meta: { kinds: ['permission', 'role', 'user'] },
  })
  const [waiting, setWaiting] = useState<readonly (() => void)[]>([])
  useEffect(() => onSessionEnd(() => new Promise((renewed) => setWaiting((others) => [...others, renewed]))), [])

  const isKnown = (known: Session) => client.setQueryData(key, known)
  const renewed = (known: Session) => {
    isKnown(known)
    for (const goOn of waiting) goOn()
    setWaiting([])
  }
  const { data } = session
  // The same while the log-in lies over the page: a dialog below that is drawn again hides it from screen readers.
  const state = useMemo(() => data && { ...data, logOut: () => leave(client) }, [data, client])

  if (session.isPending) return <Busy />
  if (session.error && data === undefined) return <FailureAlert error={session.error} title={text.unreachable} />
  if (!state) return <LoginPage done={isKnown} />
  return (
    <SessionContext value={state}>
      {children}
      <Modal variant="small" isOpen={waiting.length > 0} aria-labelledby="session-ended">
        <ModalHeader title={text.ended} labelId="session-ended" description={text.endedWhy} />
        <ModalBody>
          <LoginForm done={renewed} initialUser={state.user} />
        </ModalBody>
      </Modal>
    </SessionContext>
  )
}

async function leave(client: QueryClient): Promise<void> {
  await logOut()
  // Nothing of this user stays for the next one.
  client.clear()
  location.assign('/ovirt-engine/webadmin/')
}

async function sessionAgain(): Promise<Session | null> {
  await renewSession()
  return (await currentSession()) ?? null
}
