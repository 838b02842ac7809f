// Something that listens where a provider was expected, and answers every request in one way.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface CannedAnswer {
  readonly status: number
  readonly body: string
}

export type AnswerTo = (path: string, method: string) => CannedAnswer | undefined | Promise<CannedAnswer>

/** `answerTo` gets the path below /v2.0; undefined: the request is never answered. Answers the URL; ends with the test. */
export async function startCannedProvider(t: TestContext, host: string, answerTo: AnswerTo): Promise<string> {
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request.url!.replace('/v2.0', ''), request.method!)
    if (answer) response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  await once(server.listen(0, host), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

/** Answers as a provider does that has one port, on a network like this. */
export function portOn(network: object, port: object = {}) {
  const bodies: Record<string, object> = {
    ports: { port: { id: 'port-1', network_id: 'network-1', mac_address: '02:00:00:00:00:01', ...port } },
    networks: { network: { id: 'network-1', ...network } },
    subnets: { subnets: [] },
  }
  return (path: string) => ({ status: 200, body: JSON.stringify(bodies[/\w+/.exec(path)![0]]) })
}
