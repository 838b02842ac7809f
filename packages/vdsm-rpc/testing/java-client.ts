// How vdsm-jsonrpc-java, the engine's client, speaks to a host.
import type { TestContext } from 'node:test'
import { RawPeer } from './raw-peer.ts'

export const javaReplies = 'jms.topic.vdsm_responses'

/** As vdsm-jsonrpc-java opens: SUBSCRIBE before CONNECT, a host header, nothing escaped. */
export async function connectLikeJava(t: TestContext, port: number, heartBeat = '0,0') {
  const peer = await RawPeer.connect(t, port)
  peer.frame('SUBSCRIBE', `destination:${javaReplies}`, 'id:replies', 'ack:auto', '', '')
  peer.frame('SUBSCRIBE', 'destination:jms.queue.events', 'id:events', 'ack:auto', '', '')
  peer.frame('CONNECT', 'accept-version:1.2', 'host:127.0.0.1', `heart-beat:${heartBeat}`, '', '')
  return { peer, connected: await peer.next() }
}

export function sendLikeJava(peer: RawPeer, request: object, ...headers: string[]): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...request })
  const length = `content-length:${Buffer.byteLength(body)}`
  const to = ['destination:jms.topic.vdsm_requests', `reply-to:${javaReplies}`]
  peer.frame('SEND', ...to, ...headers, length, '', body)
}
