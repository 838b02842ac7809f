// Which protocol a new connection speaks, told by its first bytes: VDSM serves several on one port, here it is STOMP only.
import type { Socket } from 'node:net'

const commands = ['CONNECT', 'SEND', 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT']
/** As many as the longest command; VDSM, too, waits for these. */
const detectedBytes = Math.max(...commands.map((command) => command.length))

/**
 * Calls back once, with whether the peer speaks STOMP. The bytes looked at stay unread. If fewer ever come it never
 * calls back: the caller bounds the wait.
 */
export function detectStomp(socket: Socket, onDetected: (isStomp: boolean) => void): void {
  const look = () => {
    const head: Buffer | null = socket.read(detectedBytes)
    if (head === null) return
    socket.off('readable', look)
    socket.unshift(head)
    const text = head.toString('latin1')
    onDetected(commands.some((command) => text.startsWith(command)))
  }
  socket.on('readable', look)
}
