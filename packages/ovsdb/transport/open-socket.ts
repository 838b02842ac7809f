// Opens the socket to a remote, TLS included, within a bound.
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { ConnectionError, clientClosed, connectionRefused } from './connection-error.ts'
import type { Remote } from './remote.ts'

/** PEM. Open vSwitch wants certificates of both sides, and looks at who signed them, not at the names in them. */
export interface TlsIdentity {
  readonly ca: string | Buffer
  readonly cert: string | Buffer
  readonly key: string | Buffer
  /** Whether the server's certificate must also be for the host that the remote names. Default false. */
  readonly checkHost?: boolean
}

export interface OpenSocketOptions {
  readonly tls?: TlsIdentity | undefined
  readonly timeoutMs: number
  /** Gives the attempt up. */
  readonly signal?: AbortSignal | undefined
}

/** Throws a ConnectionError. `ssl:` needs `tls`. */
export async function openSocket(remote: Remote, { tls, timeoutMs, signal }: OpenSocketOptions): Promise<Socket> {
  const socket = start(remote, tls)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let reason: Error | undefined
  const onOpen = () => resolve()
  const onError = (error: Error) => {
    reason = error
  }
  const onClose = () => reject(connectionRefused(remote.name, reason))
  const giveUp = () => socket.destroy(clientClosed())
  const opened = remote.kind === 'ssl' ? 'secureConnect' : 'connect'
  const timer = setTimeout(() => socket.destroy(tooLate(remote, timeoutMs)), timeoutMs)
  socket.once(opened, onOpen).on('error', onError).once('close', onClose)
  signal?.addEventListener('abort', giveUp)
  if (signal?.aborted) giveUp()
  try {
    await promise
    return socket
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
    socket.off(opened, onOpen).off('error', onError).off('close', onClose)
  }
}

/** Certificates that cannot be read are found out before anything is sent. */
function start(remote: Remote, tls: TlsIdentity | undefined): Socket {
  if (remote.kind === 'unix') return connect({ path: remote.path })
  const { host, port } = remote
  if (remote.kind === 'tcp') return connect({ host, port, noDelay: true })
  try {
    return connectTls({ host, port, ...tlsOptions(tls!) }).setNoDelay(true)
  } catch (error) {
    throw connectionRefused(remote.name, error as Error)
  }
}

function tlsOptions({ ca, cert, key, checkHost }: TlsIdentity): ConnectionOptions {
  return checkHost ? { ca, cert, key } : { ca, cert, key, checkServerIdentity: () => undefined }
}

function tooLate({ name }: Remote, timeoutMs: number): ConnectionError {
  const advice = 'Is the server overloaded, or does a firewall drop packets?'
  return new ConnectionError('timeout', name, `No connection to ${name} within ${timeoutMs} ms. ${advice}`)
}
