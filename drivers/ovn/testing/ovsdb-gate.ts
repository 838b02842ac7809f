// Stands between a driver and its host's Open vSwitch, and lets something happen at its next transaction.

import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface OvsdbGate extends AsyncDisposable {
  /** OVSDB remote for the driver. */
  readonly remote: string
  /**
   * The next transaction is lost: `before` the database has it, or its answer is, `after` it was committed. Resolves when
   * `happening` has.
   */
  losing(moment: 'before' | 'after', happening: () => Promise<void>): Promise<void>
}

export async function startOvsdbGate(listen: string, database: string): Promise<OvsdbGate> {
  let trap: { moment: 'before' | 'after'; spring: () => void } | undefined
  const sockets = new Set<Socket>()
  const server = createServer((driver) => {
    const real = connect(database)
    let isAnswerLost = false
    for (const socket of [driver, real]) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          driver.destroy()
          real.destroy()
        })
    }
    driver.on('data', (chunk) => {
      const isTransaction = chunk.includes('"transact"')
      if (isTransaction && trap?.moment === 'before') return spring()
      if (isTransaction && trap) isAnswerLost = true
      real.write(chunk)
    })
    real.on('data', (chunk) => {
      if (isAnswerLost) return spring()
      driver.write(chunk)
    })
  })
  const spring = () => {
    trap?.spring()
    trap = undefined
  }
  server.listen(listen)
  await once(server, 'listening')
  return {
    remote: `unix:${listen}`,
    async losing(moment, happening) {
      await new Promise<void>((resolve) => {
        trap = { moment, spring: resolve }
      })
      await happening()
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
