// From a remote to a session with a server that suits, or the reason why there is none.
import { clientClosed } from '../transport/connection-error.ts'
import { openSocket } from '../transport/open-socket.ts'
import type { Remote } from '../transport/remote.ts'
import { Session, type SessionOptions } from './session.ts'

/** Connects and looks whether the server suits, each within `connectMs`. Throws a ConnectionError. */
export async function openSession(remote: Remote, options: SessionOptions, signal: AbortSignal): Promise<Session> {
  const { tls, connectMs } = options
  const socket = await openSocket(remote, { tls, timeoutMs: connectMs, signal })
  const session = new Session(socket, remote.name, options)
  const giveUp = () => session.destroy(clientClosed())
  signal.addEventListener('abort', giveUp)
  if (signal.aborted) giveUp()
  try {
    await session.start(connectMs)
    return session
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
