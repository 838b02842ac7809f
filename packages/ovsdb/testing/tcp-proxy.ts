// A TCP port in front of a server, which a test can cut, or hold without closing.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export class TcpProxy {
  readonly #server = createServer()
  readonly #pairs = new Set<[Socket, Socket]>()
  readonly #target: NetConnectOpts
  #held = false
  #garbled = false
  /** From the server to its clients, since the start. */
  bytesDown = 0

  constructor(target: NetConnectOpts) {
    this.#target = target
    this.#server.on('connection', (client) => this.#join(client))
  }

  get remote(): string {
    return `tcp:127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  /** Closes the connections there are. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  /** From now on nothing passes, and nothing is closed: as behind a firewall that has forgotten. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.cut()
  }

  /** What next comes from the server is followed by something that no server says. */
  garbleNext(): void {
    this.#garbled = true
  }

  close(): void {
    this.#server.close()
    this.cut()
  }

  #join(client: Socket): void {
    const server = connect(this.#target)
    const pair: [Socket, Socket] = [client, server]
    this.#pairs.add(pair)
    this.#forward(client, server)
    this.#forward(server, client, (chunk) => this.#down(chunk))
    for (const socket of pair) {
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  }

  #down(chunk: Buffer): Buffer {
    this.bytesDown += chunk.length
    if (!this.#garbled) return chunk
    this.#garbled = false
    return Buffer.concat([chunk, Buffer.from('?')])
  }

  #forward(from: Socket, to: Socket, pass: (chunk: Buffer) => Buffer = (chunk) => chunk): void {
    from.on('data', (chunk) => {
      if (!this.#held) to.write(pass(chunk))
    })
  }
}

export async function startTcpProxy(t: TestContext, target: NetConnectOpts): Promise<TcpProxy> {
  const proxy = new TcpProxy(target)
  await proxy.listen()
  t.after(() => proxy.close())
  return proxy
}
