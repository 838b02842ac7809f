// Stand between a caller and a service and let each call pass through a gate: HTTP for providers, STOMP frames for agents.
import { createServer as createHttpServer, type IncomingMessage, request } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { FrameParser } from '@patchbay/vdsm-rpc/stomp/frame-parser.ts'
import { encodeFrame, type Frame } from '@patchbay/vdsm-rpc/stomp/stomp-frame.ts'
import type { Gate, GatedCall } from './gate.ts'

interface Place {
  readonly host: string
  readonly port: number
}

/** Passes whole requests on to `target`. `callOf` names who calls whom, by the caller's address. */
export function startHttpProxy(
  listen: Place,
  target: Place,
  gate: Gate,
  callOf: (address: string) => string,
): Promise<AsyncDisposable> {
  const server = createHttpServer(async (incoming, answer) => {
    const body = await buffer(incoming)
    const call = gate.begin(`${callOf(incoming.socket.remoteAddress ?? '')}: ${incoming.method} ${incoming.url}`)
    try {
      if (!(await call.before())) return void incoming.socket.destroy()
      const response = await exchange(target, incoming, body)
      const responseBody = await buffer(response)
      if (!(await call.after())) return void incoming.socket.destroy()
      answer.writeHead(response.statusCode!, response.headers).end(responseBody)
    } catch {
      incoming.socket.destroy()
    }
  })
  return listening(server, listen)
}

function exchange(target: Place, { method, url, headers }: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, method, path: url, headers, agent: false })
    outgoing.on('error', reject).on('response', resolve).end(body)
  })
}

/**
 * Passes the frames of VDSM's protocol on, verbs of VMs through the gate. Hosts know each other by their own addresses
 * and not by those of the proxies: `addresses` translates the destination of a migration.
 */
export function startVdsmProxy(
  listen: Place,
  target: Place,
  gate: Gate,
  callOf: string,
  addresses: ReadonlyMap<string, string>,
): Promise<AsyncDisposable> {
  const server = createServer((client) => {
    const agent = connect(target)
    const calls = new Map<string, GatedCall>()
    const cut = () => {
      client.destroy()
      agent.destroy()
    }
    pipeFrames(client, agent, cut, async (frame) => {
      const call = frame.command === 'SEND' ? callIn(frame) : undefined
      if (!call?.method.startsWith('VM.')) return frame
      const gated = gate.begin(`${callOf}: ${call.method}`)
      calls.set(call.id, gated)
      return (await gated.before()) ? translated(frame, addresses) : undefined
    })
    pipeFrames(agent, client, cut, async (frame) => {
      const gated = frame.command === 'MESSAGE' ? calls.get(callIn(frame).id) : undefined
      return !gated || (await gated.after()) ? frame : undefined
    })
  })
  return listening(server, listen)
}

/** Frame by frame, in their order; `undefined` ends it. */
function pipeFrames(
  from: Socket,
  to: Socket,
  cut: () => void,
  pass: (frame: Frame) => Promise<Frame | undefined>,
): void {
  let turn = Promise.resolve()
  const parser = new FrameParser({ headerBytes: 1e6, bodyBytes: 1e8 }, (frame) => {
    turn = turn.then(async () => {
      const passed = await pass(frame)
      if (passed) to.write(encodeFrame(passed.command, passed.headers, bodyOf(passed)))
      else cut()
    })
  })
  from.on('data', (chunk: Buffer) => {
    if (chunk.every((byte) => byte === LF)) to.write(chunk)
    else parser.push(chunk)
  })
  from.on('error', cut)
  // What was read before the end still goes its way.
  from.on('close', () => void turn.then(cut))
}

/** A heart-beat is one of these and no frame. */
const LF = 0x0a

/** Control frames have none, also not an empty one. */
const bodyOf = ({ body }: Frame) => (body.length > 0 ? body : undefined)

function callIn({ body }: Frame): { id: string; method: string } {
  const { id = '', method = '' } = JSON.parse(body.toString()) as { id?: string; method?: string }
  return { id, method }
}

function translated(frame: Frame, addresses: ReadonlyMap<string, string>): Frame {
  let text = frame.body.toString()
  for (const [proxy, host] of addresses) text = text.replace(`"dst":"${proxy}"`, `"dst":"${host}"`)
  return { ...frame, body: Buffer.from(text) }
}

async function listening(server: Server, { host, port }: Place): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
