// The portal for who is logged in, the log-in page for who is not. A session that ends in the middle of work is renewed
// over the page, which keeps everything that was typed.
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { onSessionEnd } from '../engine/request.ts'
import { Busy } from '../feedback/busy.tsx'
import { FailureAlert } from '../feedback/failure-alert.tsx'
import { text } from '../text/session.ts'
import { LoginForm } from './login-form.tsx'
import { LoginPage } from './login-page.tsx'
import { currentUser, logOut } from './session.ts'

interface SessionState {
  readonly user: string
  logOut(): Promise<void>
}

const SessionContext = createContext<SessionState>({ user: '', logOut: async () => {} })

export const useSession = () => useContext(SessionContext)

export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const key = ['session']
  const session = useQuery({
    queryKey: key,
    queryFn: async () => (await currentUser()) ?? '',
    staleTime: Infinity,
    refetchInterval: false,
  })
  const [waiting, setWaiting] = useState<readonly (() => void)[]>([])
  useEffect(() => onSessionEnd(() => new Promise((renewed) => setWaiting((others) => [...others, renewed]))), [])

  const isKnown = (user: string) => client.setQueryData(key, user)
  const renewed = (user: string) => {
    isKnown(user)
    for (const goOn of waiting) goOn()
    setWaiting([])
  }
  const leave = async () => {
    await logOut()
    // Nothing of this user stays for the next one.
    client.clear()
    location.assign('/ovirt-engine/webadmin/')
  }

  if (session.isPending) return <Busy />
  if (session.error && session.data === undefined)
    return <FailureAlert error={session.error} title={text.unreachable} />
  if (session.data === '') return <LoginPage done={isKnown} />
  return (
    <SessionContext value={{ user: session.data ?? '', logOut: leave }}>
      {children}
      <Modal variant="small" isOpen={waiting.length > 0} aria-labelledby="session-ended">
        <ModalHeader title={text.ended} labelId="session-ended" description={text.endedWhy} />
        <ModalBody>
          <LoginForm done={renewed} initialUser={session.data ?? ''} />
        </ModalBody>
      </Modal>
    </SessionContext>
  )
}
