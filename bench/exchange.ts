// Requests over connections that are kept, with as little work as can be: a load shares the cores with what it measures.
import { Agent, request } from 'node:http'

export interface Exchange extends Disposable {
  /** The answer's body; undefined for an empty one. Throws for any status from 300 on. */
  send(method: string, path: string, body?: object): Promise<unknown>
}

export function openExchange(url: string): Exchange {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true })
  return {
    send(method, path, body) {
      const text = body && JSON.stringify(body)
      const headers = text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}
      return new Promise((resolve, reject) => {
        const asked = request({ agent, hostname, port, method, path, headers }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            const read = Buffer.concat(chunks).toString()
            if (answer.statusCode! >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${read}`))
            else resolve(read === '' ? undefined : JSON.parse(read))
          })
        })
        asked.on('error', reject)
        asked.end(text)
      })
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
