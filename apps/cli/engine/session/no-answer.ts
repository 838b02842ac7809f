// Why no engine answers at a URL, and what to do: where Node says only what its socket did.

/** `cause` is what a failed `fetch` carries. */
export function noAnswer(root: string, cause: Error & { code?: string }): string {
  const code = cause.code ?? ''
  if (untrusted.has(code))
    return `the engine at ${root} has a certificate that is not trusted here (${cause.message}). Give its CA with --ca or PATCHBAY_ENGINE_CA; the engine hands it out: curl -k -o ca.pem '${root}${caPath}'`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the engine's certificate is not for ${root}: ${cause.message}. Use a name of it, or start the engine with that one too (--own-names).`
  const scheme = wrongScheme(root, cause)
  if (scheme) return `there is no answer from the engine at ${root}: it does not speak ${scheme[0]}. Try ${scheme[1]}.`
  return `there is no answer from the engine at ${root}: ${cause.message}. Is it running there? --engine or PATCHBAY_ENGINE_URL says where.`
}

const caPath = '/ovirt-engine/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA'

// Node.js, tls: X509 certificate error codes.
const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** [what was spoken, the URL that may be right]: a TLS server hangs up on plain HTTP, a plain one answers no TLS. */
function wrongScheme(root: string, { code, message }: Error & { code?: string }): [string, string] | undefined {
  if (root.startsWith('http:') && message === 'other side closed') return ['http', root.replace('http:', 'https:')]
  const isNoTls = code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number|packet length too long/.test(message)
  return root.startsWith('https:') && isNoTls ? ['https', root.replace('https:', 'http:')] : undefined
}
