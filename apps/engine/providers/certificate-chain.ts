// The certificates that a server shows, before anybody trusts them: what an administrator approves.
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls'
import { connectionError } from '@patchbay/networking-api/client/provider-error.ts'

/**
 * The server's own certificate first, then who signed it, up to what is known of that. Empty for a URL that is not
 * https. Throws a ProviderError when the server cannot be spoken to in TLS within the time.
 */
export async function readCertificateChain(
  url: string,
  context: SecureContext,
  timeoutMs: number,
): Promise<X509Certificate[]> {
  const { protocol, hostname, port } = new URL(url)
  if (protocol !== 'https:') return []
  const host = hostname.replace(/^\[|\]$/g, '')
  try {
    const socket = await handshake(host, Number(port || 443), context, timeoutMs)
    const chain = chainOf(socket.getPeerCertificate(true))
    socket.destroy()
    return chain
  } catch (error) {
    throw connectionError(error, url, timeoutMs)
  }
}

function handshake(host: string, port: number, secureContext: SecureContext, timeoutMs: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      secureContext,
      ...(!isIP(host) && { servername: host }),
      // Whether it is to be trusted is what somebody decides when this has been read.
      rejectUnauthorized: false,
    })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => fail(new DOMException('no handshake', 'TimeoutError')), timeoutMs)
    socket
      .once('secureConnect', () => resolve(socket))
      .on('error', fail)
      .once('close', () => {
        clearTimeout(timer)
        reject(new Error('The connection was closed.'))
      })
  })
}

/** A root is its own issuer. */
function chainOf(peer: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let each = peer; each?.raw; each = each.issuerCertificate) {
    const certificate = new X509Certificate(each.raw)
    if (chain.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) break
    chain.push(certificate)
  }
  return chain
}
