// Answers every request with an empty JSON object, as fast as Node can: what an exchange costs without any work behind it.
import { createServer } from 'node:http'

const answer = { 'content-type': 'application/json' }
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, answer).end('{}'))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
