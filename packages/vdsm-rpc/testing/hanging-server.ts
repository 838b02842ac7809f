// A process with a server whose calls never end, for the test that kills it. Prints its port.
import { createVdsmServer } from '../server.ts'

const ignore = () => {}
const server = createVdsmServer({
  methods: { 'VM.destroy': () => new Promise(ignore), 'Host.ping2': async () => true },
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
})
console.log(await server.listen({ host: '127.0.0.1', port: 0 }))
