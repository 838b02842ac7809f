// The certificates of a laboratory: an authority of its own, and one certificate each for the engine and the hosts.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './processes/command.ts'

/** Paths of PEM files. */
export interface Certificate {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /**
   * Makes a key and a certificate for this name and address in `dir`, where the authority's certificate is put too.
   * libvirt connects to addresses, and looks for them in the certificate.
   */
  issue(name: string, dir: string, address: string): Promise<Certificate>
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
const days = ['-days', '2']

export async function createAuthority(dir: string): Promise<Authority> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const [caCert, caKey] = [join(dir, 'ca.pem'), join(dir, 'ca.key')]
  const selfSigned = [
    'openssl',
    'req',
    '-x509',
    ...curve,
    ...days,
    '-subj',
    '/CN=patchbay laboratory',
    '-keyout',
    caKey,
    '-out',
    caCert,
  ]
  await runCommand(selfSigned)
  const { stdout: caPem } = await runCommand(['cat', caCert])
  return {
    async issue(name, target, address) {
      mkdirSync(target, { recursive: true, mode: 0o700 })
      const paths = { ca: join(target, 'ca.pem'), cert: join(target, 'cert.pem'), key: join(target, 'key.pem') }
      const names = ['-addext', `subjectAltName=DNS:${name},IP:${address}`]
      const subject = ['-subj', `/CN=${name}`, ...names]
      const request = await runCommand(['openssl', 'req', ...curve, ...subject, '-keyout', paths.key])
      const issuer = ['-CA', caCert, '-CAkey', caKey, '-copy_extensions', 'copy']
      const signing = ['openssl', 'x509', '-req', ...issuer, ...days, '-out', paths.cert]
      await runCommand(signing, { input: request.stdout })
      writeFileSync(paths.ca, caPem)
      return paths
    },
  }
}
