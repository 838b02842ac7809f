// TLS between the libvirtd of hosts, which migrations go over: with the host's certificate and list of revoked ones as they
// are now. The engine renews both while the agent runs.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { run } from '@patchbay/vif-driver/command.ts'
import type { HypervisorLog } from './hypervisor-log.ts'

export interface DaemonTls {
  /** Certificates as libvirt names them in a folder, for a connection that begins now; undefined: plain TCP. */
  pkiDir(): string | undefined
  /** The host's own libvirtd reads its files again; where it cannot, that is logged with what to do. */
  reload(): Promise<void>
}

const reloadTimeoutMs = 10_000
/** Where connections from outside arrive: at the one daemon, or at the proxy of the modular ones. */
const daemons = ['libvirtd', 'virtproxyd']

/** `identity` changes when the engine renews the certificate. */
export function createDaemonTls(dir: string, identity: TlsIdentity | undefined, log: HypervisorLog): DaemonTls {
  async function tell(): Promise<unknown> {
    const failures: string[] = []
    for (const daemon of daemons) {
      try {
        const connection = ['virt-admin', '-q', '-c', `${daemon}:///system`]
        return await run([...connection, 'server-update-tls', daemon], { timeoutMs: reloadTimeoutMs })
      } catch (error) {
        failures.push((error as Error).message)
      }
    }
    return log.warn(
      { failures },
      'libvirtd did not read its certificate and list of revoked ones again: restart it, guests run on',
    )
  }

  return {
    pkiDir: () => identity && writePki(dir, identity),
    reload: async () => void (identity && (await tell())),
  }
}

/** Each file whole, as other connections read them meanwhile; the key stays the same. */
function writePki(dir: string, { ca, cert, key, crl }: TlsIdentity): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const files = { 'cacert.pem': ca, 'clientcert.pem': cert, 'clientkey.pem': key, ...(crl && { 'cacrl.pem': crl }) }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, `${name}.new`), text, { mode: 0o600 })
    renameSync(join(dir, `${name}.new`), join(dir, name))
  }
  return dir
}
