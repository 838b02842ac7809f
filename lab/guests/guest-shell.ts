// The shell of a laboratory's virtual machine, reached over a channel that its host has as a socket.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { GuestShell } from './guest.ts'
import { guestsDir } from './libvirt-host.ts'

/** A guest boots meanwhile. */
const answerTimeoutMs = 60_000
const probeEveryMs = 250

/** Runs one line and answers what it printed, whatever its exit code. One caller at a time for each guest. */
export const inMachine: GuestShell = async (host, vmId, line) => {
  const deadline = performance.now() + answerTimeoutMs
  const socket = connect(join(guestsDir(host), `${vmId}.sock`))
  try {
    await once(socket, 'connect')
    const heard = listen(socket)
    const mark = `@${Math.random().toString(36).slice(2)}@`
    // What comes before the shell is there may be lost.
    while (!heard.text().includes(mark)) {
      if (performance.now() > deadline) throw new Error(`the guest ${vmId} on ${host.name} does not answer`)
      socket.write(`\necho ${mark}\n`)
      await heard.within(probeEveryMs)
    }
    socket.write(`${line}\necho "${mark}end"\n`)
    while (!heard.text().includes(`${mark}end`)) {
      if (performance.now() > deadline) throw new Error(`"${line}" does not end in the guest ${vmId}`)
      await heard.within(probeEveryMs)
    }
    return heard.text().split(`${mark}end`)[0]!.split(`${mark}\n`).at(-1)!
  } finally {
    socket.destroy()
  }
}

function listen(socket: Socket) {
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk.replaceAll('\r', '')
  })
  return {
    text: () => text,
    /** Something comes, or the time is over. */
    within: (ms: number) => once(socket, 'data', { signal: AbortSignal.timeout(ms) }).catch(() => {}),
  }
}
