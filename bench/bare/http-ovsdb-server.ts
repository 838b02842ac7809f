// The least that a provider on OVN can do: an exchange over HTTP, and the same rows committed. It knows one network, checks
// nothing, and makes each request a transaction of its own.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { connectBarePorts } from './ovsdb-ports.ts'

const [remote, networkId] = process.argv.slice(2)
const ports = await connectBarePorts(remote!, networkId!)

const answer = { 'content-type': 'application/json' }
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString())
  const id = request.method === 'POST' ? randomUUID() : request.url!.split('/').at(-1)!
  if (request.method === 'POST') await ports.insert(id)
  else await (request.method === 'PUT' ? ports.update(id) : ports.remove(id))
  response.writeHead(200, answer).end(JSON.stringify({ id }))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
