// A libvirtd of its own on a host of the laboratory, as on a machine with Debian's packages, and what VMs boot there.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Certificate } from '../certificates.ts'
import type { LabHost } from '../hosts/lab-host.ts'
import { CommandFailed } from '../processes/command.ts'
import type { LabProcess } from '../processes/lab-process.ts'
import { until } from '../until.ts'
import { cacheDir, type GuestImage } from './guest-image.ts'

export interface LibvirtHost {
  readonly process: LabProcess
  /** Resolves when it answers. The guests of an earlier one are found again. */
  start(): Promise<void>
  /** Guests run on. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** Paths of PEM files. */
interface HostCertificate extends Certificate {
  /** The CA's list of revoked ones. */
  readonly crl?: string
}

export interface LibvirtOptions {
  /** Other hosts' libvirtd connect over TLS; undefined: over plain TCP. */
  readonly certificate?: HostCertificate | undefined
}

/** Consoles and shells of the guests, seen from outside: /run/patchbay-guests in the host. */
export const guestsDir = (host: LabHost) => join(host.dir, 'run/patchbay-guests')

/** The first start on a machine tries what each QEMU can do, which takes seconds. */
const readyTimeoutMs = 60_000

/** Not started yet. */
export async function prepareLibvirt(host: LabHost, options: LibvirtOptions = {}): Promise<LibvirtHost> {
  const etc = join(host.dir, 'etc')
  mkdirSync(join(etc, 'libvirt'), { recursive: true })
  // Of those that arrive, too.
  mkdirSync(guestsDir(host), { recursive: true })
  writeFileSync(join(etc, 'libvirt/libvirtd.conf'), lines(daemonSettings(host, options)))
  writeFileSync(join(etc, 'libvirt/qemu.conf'), lines(qemuSettings(host)))
  if (options.certificate) linkCertificate(join(etc, 'pki'), options.certificate)
  await host.exec(['sh', '-c', mounts, 'sh', etc])
  if (existsSync(capabilitiesCache())) cpSync(capabilitiesCache(), capabilitiesOf(host), { recursive: true })

  let running: LabProcess | undefined
  return {
    get process() {
      if (!running) throw new Error(`libvirtd has not been started on ${host.name}`)
      return running
    },
    async start() {
      const starting = host.spawn(['libvirtd', '--listen', '-f', '/etc/libvirt/libvirtd.conf'], { log: 'libvirtd.log' })
      running = starting
      const answers = async () => !starting.alive() || (await isReady(host))
      if (!(await until(answers, readyTimeoutMs, 50)) || !starting.alive())
        throw new Error(`libvirtd did not start on ${host.name}: see ${starting.log}`)
      keepCapabilities(host)
    },
    async kill(signal = 'SIGKILL') {
      running?.kill(signal)
      await running?.exited
    },
  }
}

/** Lets the VMs of a host boot the image: a hook script, as an administrator of oVirt would install one. */
export function bootImage(hooksDir: string, { kernel, initrd }: GuestImage): void {
  const dir = join(hooksDir, 'before_vm_start')
  mkdirSync(dir, { recursive: true })
  const script = join(import.meta.dirname, 'guest-image/before_vm_start.py')
  const text = `#!/bin/sh\nexec python3 '${script}' '${kernel}' '${initrd}'\n`
  writeFileSync(join(dir, '90_guest_image'), text, { mode: 0o755 })
}

/** No other user than root is needed for guests, and no cgroups, security drivers or namespaces: hosts have none. */
const qemuSettings = ({ address }: LabHost) => ({
  security_driver: 'none',
  user: 'root',
  group: 'root',
  dynamic_ownership: 0,
  remember_owner: 0,
  namespaces: [],
  cgroup_controllers: [],
  stdio_handler: 'file',
  migration_host: address,
  migration_address: address,
})

const daemonSettings = ({ address }: LabHost, { certificate }: LibvirtOptions) => ({
  listen_addr: address,
  auth_unix_rw: 'none',
  auth_unix_ro: 'none',
  // All hosts of a laboratory have the machine's own id otherwise, and nothing migrates to itself.
  host_uuid: hostUuid(address),
  ...(certificate
    ? { listen_tls: 1, listen_tcp: 0, auth_tls: 'none' }
    : { listen_tls: 0, listen_tcp: 1, auth_tcp: 'none' }),
})

/** Where libvirtd looks for them by default: it is from there alone that it reads them again. */
function linkCertificate(pki: string, { ca, cert, key, crl }: HostCertificate): void {
  mkdirSync(join(pki, 'CA'), { recursive: true })
  mkdirSync(join(pki, 'libvirt/private'), { recursive: true })
  symlinkSync(ca, join(pki, 'CA/cacert.pem'))
  if (crl) symlinkSync(crl, join(pki, 'CA/cacrl.pem'))
  symlinkSync(cert, join(pki, 'libvirt/servercert.pem'))
  symlinkSync(key, join(pki, 'libvirt/private/serverkey.pem'))
}

const lines = (settings: object) =>
  Object.entries(settings)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join('')

const hostUuid = (address: string) =>
  `00000000-0000-4000-8000-${address
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('')}`

// - A host has an /etc of its own, as the machine has but for what is there already.
// - Debian's packages of libvirtd alone make no such user, and without it the daemon does not start.
// - Each QEMU more costs seconds at the first start, and guests are of one kind.
const mounts = `
set -e
for entry in /etc/*; do [ -e "$1/\${entry##*/}" ] || cp -a "$entry" "$1"; done
grep -q ^libvirt-qemu: "$1/passwd" || echo 'libvirt-qemu:x:64055:64055::/:/bin/false' >> "$1/passwd"
grep -q ^libvirt-qemu: "$1/group" || echo 'libvirt-qemu:x:64055:' >> "$1/group"
: > "$1/no-qemu"
chmod 644 "$1/no-qemu"
mount --bind "$1" /etc
[ ! -e /usr/bin/qemu-system-i386 ] || mount --bind "$1/no-qemu" /usr/bin/qemu-system-i386
`

async function isReady(host: LabHost): Promise<boolean> {
  try {
    await host.exec(['virsh', '-q', '-c', 'qemu:///system', 'capabilities'], { timeoutMs: readyTimeoutMs })
    return true
  } catch (error) {
    if (error instanceof CommandFailed) return false
    throw error
  }
}

const emulator = '/usr/bin/qemu-system-x86_64'
const capabilitiesCache = () => join(cacheDir, `libvirt-capabilities-${statSync(emulator).mtimeMs}`)
const capabilitiesOf = (host: LabHost) => join(host.dir, 'var/cache/libvirt/qemu/capabilities')

/** libvirtd itself sees when they are too old. */
function keepCapabilities(host: LabHost): void {
  if (existsSync(capabilitiesCache()) || !existsSync(capabilitiesOf(host))) return
  mkdirSync(cacheDir, { recursive: true })
  const copy = mkdtempSync(`${capabilitiesCache()}-`)
  cpSync(capabilitiesOf(host), copy, { recursive: true })
  try {
    renameSync(copy, capabilitiesCache())
  } catch {
    // Another host was faster.
    rmSync(copy, { recursive: true })
  }
}
