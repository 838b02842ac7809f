// What libvirtd tells by itself: the lines of `virsh event`, listened to for as long as the agent lives.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { virshArgv } from '../virsh/virsh.ts'

/** As virsh prints it: `event 'lifecycle' for domain 'vm1': Stopped Failed`. */
export interface DomainEvent {
  readonly kind: string
  /** libvirt's name of the domain, which is not its id. */
  readonly domain: string
  readonly detail: string
}

export interface DomainEvents {
  close(): Promise<void>
}

const pauseMs = 200

/** undefined for a line that is no event. */
export function parseEvent(line: string): DomainEvent | undefined {
  // The name may hold anything but a line's end.
  const [, kind, domain, detail] = /^event '([\w-]+)' for domain '(.*)': (.*?)\s*$/.exec(line) ?? []
  return kind === undefined ? undefined : { kind, domain: domain!, detail: detail! }
}

/**
 * Starts over whenever libvirtd ends. `onConnected`: from about now on events come; what was before has to be looked at.
 * virsh does not say when exactly.
 */
export function watchDomainEvents(
  uri: string,
  onConnected: () => void,
  onEvent: (event: DomainEvent) => void,
): DomainEvents {
  // Should the agent be killed, this is not to live on.
  const argv = ['setpriv', '--pdeathsig', 'KILL', ...virshArgv(uri), 'uri; event --all --loop']
  const closing = new AbortController()
  let child: ChildProcess

  async function listen(): Promise<void> {
    child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = once(child, 'exit').catch(() => {})
    const lines = createInterface({ input: child.stdout! })
    // The answer to `uri`, which is the word that it is connected.
    lines.once('line', onConnected)
    lines.on('line', (line) => {
      const event = parseEvent(line)
      if (event) onEvent(event)
    })
    await ended
  }

  async function listenAgainAndAgain(): Promise<void> {
    while (!closing.signal.aborted) {
      await listen()
      await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  const over = listenAgainAndAgain()
  return {
    async close() {
      closing.abort()
      child.kill()
      await over
    },
  }
}
