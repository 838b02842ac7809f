// What can be configured of a host's agent.
import type { KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { type Address, ConfigurationError, type OptionValues } from '@patchbay/service/options.ts'
import { readCa, readTlsFiles } from '@patchbay/service/tls-files.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { parseSigners } from '@patchbay/vif-driver/package-file/open-package.ts'
import type { DriverEntry } from './drivers/driver-registry.ts'
import { type HostPki, openHostPki, pkiFiles } from './enrolment/host-pki.ts'

export const agentOptions = {
  listen: { type: 'address', default: ':54321', help: 'where the VDSM API listens' },
  'health-listen': { type: 'address', help: 'where /healthz, /readyz and /metrics are served over HTTP' },
  'host-name': { type: 'text', help: "this host's name for providers and engine (default: the system's)" },
  'run-dir': { type: 'text', default: '/run/patchbay-agent', help: 'state that a reboot clears: VMs, guests, drivers' },
  'hook-run-dir': { type: 'text', default: '/run/vdsm', help: 'where hook scripts find the launch flags of a VM' },
  'resolv-conf': { type: 'text', default: '/etc/resolv.conf', help: "file of the host's name servers" },
  'data-dir': { type: 'text', default: '/var/lib/patchbay/agent', help: 'state that stays: the id of the host' },
  'hibernation-dir': { type: 'text', help: 'what is kept of VMs that hibernate (default: below data-dir)' },
  hypervisor: { type: 'choice', choices: ['netns', 'libvirt'], default: 'netns', help: 'what runs the guests' },
  'libvirt-uri': { type: 'text', default: 'qemu:///system', help: "the host's libvirtd, for the hypervisor libvirt" },
  'unplug-timeout': {
    type: 'integer',
    default: 30,
    min: 1,
    help: 'seconds that a virtual machine may keep a NIC or a disk',
  },
  'hooks-dir': { type: 'text', default: '/usr/libexec/vdsm/hooks', help: 'VDSM hook scripts, a folder for each point' },
  'hook-timeout': { type: 'integer', default: 120, min: 1, help: 'seconds that one hook script may take' },
  drivers: {
    type: 'structure',
    default: [],
    help: 'VIF drivers, as a list of {driver: NAME, name: INSTANCE, options: {…}}',
  },
  'drivers-dir': {
    type: 'text',
    default: join(import.meta.dirname, '../../drivers'),
    help: 'where drivers are found by name',
  },
  'installed-drivers-dir': {
    type: 'text',
    default: '/usr/libexec/patchbay/drivers',
    help: 'drivers that are executables, a folder for each; all of them are used',
  },
  'driver-signers': {
    type: 'text',
    help: 'PEM file with public keys: only packages of these publishers are installed, whatever the engine trusts',
  },
  'driver-timeout': { type: 'integer', default: 30, min: 1, help: 'seconds that one call of a driver may take' },
  'tls-ca': { type: 'text', help: 'PEM file of the CA that engine and hosts have certificates from' },
  'tls-cert': { type: 'text', help: "PEM file with the host's certificate" },
  'tls-key': { type: 'text', help: "PEM file with the certificate's key" },
  'pki-dir': { type: 'text', help: 'folder that `patchbay agent enrol` made, instead of the three files' },
  insecure: { type: 'switch', help: 'plain TCP without certificates: anybody who reaches the port controls the host' },
} as const

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface AgentConfig {
  readonly listen: Address
  readonly healthListen: Address | undefined
  readonly hostName: string
  readonly runDir: string
  readonly hookRunDir: string
  /** The file of the host's name servers. */
  readonly resolvConf: string
  readonly dataDir: string
  readonly hibernationDir: string
  readonly hypervisor: 'netns' | 'libvirt'
  readonly libvirtUri: string
  readonly unplugTimeoutMs: number
  readonly hooksDir: string
  readonly hookTimeoutMs: number
  readonly drivers: readonly DriverEntry[]
  readonly driversDir: string
  readonly installedDriversDir: string
  /** Publishers of driver packages; undefined: whom the engine trusts. */
  readonly driverSigners: readonly KeyObject[] | undefined
  readonly driverTimeoutMs: number
  /** undefined: plain TCP. Changes when the engine sends a new certificate: read it for each connection. */
  readonly tls: TlsIdentity | undefined
  /** Where it stands, for programs of this host that call the agent. */
  readonly tlsFiles: TlsFiles | undefined
  /** Where `tls` comes from, if the host is enrolled. */
  readonly pki: HostPki | undefined
}

/** Throws a ConfigurationError that lists every mistake. */
export function toConfig(values: OptionValues<typeof agentOptions>): AgentConfig {
  const mistakes: string[] = []
  const pki = pkiOf(values, mistakes)
  const tlsFiles = tlsFilesOf(values, mistakes)
  const config = {
    listen: values.listen,
    healthListen: values['health-listen'],
    hostName: values['host-name'] ?? hostname(),
    resolvConf: values['resolv-conf'],
    runDir: values['run-dir'],
    hookRunDir: values['hook-run-dir'],
    dataDir: values['data-dir'],
    hibernationDir: values['hibernation-dir'] ?? join(values['data-dir'], 'hibernated'),
    hypervisor: values.hypervisor === 'libvirt' ? ('libvirt' as const) : ('netns' as const),
    libvirtUri: values['libvirt-uri'],
    unplugTimeoutMs: values['unplug-timeout'] * 1000,
    hooksDir: values['hooks-dir'],
    hookTimeoutMs: values['hook-timeout'] * 1000,
    drivers: driversOf(values.drivers, mistakes),
    driversDir: values['drivers-dir'],
    installedDriversDir: values['installed-drivers-dir'],
    driverSigners: signersOf(values['driver-signers'], mistakes),
    driverTimeoutMs: values['driver-timeout'] * 1000,
    tls: values['pki-dir'] === undefined ? tlsFiles && tlsOf(tlsFiles, mistakes) : pki?.identity,
    tlsFiles,
    pki,
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join('\n'))
  return config
}

function signersOf(file: string | undefined, mistakes: string[]): KeyObject[] | undefined {
  if (file === undefined) return undefined
  try {
    return parseSigners(readFileSync(file, 'utf8'))
  } catch (error) {
    mistakes.push(`driver-signers: ${file}: ${(error as Error).message}`)
    return undefined
  }
}

function driversOf(given: unknown, mistakes: string[]): DriverEntry[] {
  if (!Array.isArray(given) || !given.every(isEntry)) {
    mistakes.push('drivers: a list of {driver: NAME, name: INSTANCE, options: {…}} was expected')
    return []
  }
  const misnamed = given.find(({ name }) => name !== undefined && !instanceName.test(name))
  if (misnamed)
    mistakes.push(`drivers: name ${misnamed.name}: small letters, digits and dashes were expected, 32 at most`)
  return given
}

function isEntry(entry: unknown): entry is DriverEntry {
  if (typeof entry !== 'object' || entry === null) return false
  const { driver, name } = entry as Record<string, unknown>
  return typeof driver === 'string' && (name === undefined || typeof name === 'string')
}

/** It becomes part of names of folders, namespaces and nft tables. */
const instanceName = /^[a-z0-9][a-z0-9-]{0,31}$/

function pkiOf(values: OptionValues<typeof agentOptions>, mistakes: string[]): HostPki | undefined {
  const dir = values['pki-dir']
  if (dir === undefined) return undefined
  try {
    return openHostPki(dir)
  } catch (error) {
    mistakes.push(`--pki-dir: ${(error as Error).message}: run patchbay agent enrol with a new token`)
    return undefined
  }
}

function tlsFilesOf(values: OptionValues<typeof agentOptions>, mistakes: string[]): TlsFiles | undefined {
  const { 'tls-ca': ca, 'tls-cert': cert, 'tls-key': key, 'pki-dir': pkiDir } = values
  if (pkiDir !== undefined) return pkiFiles(resolve(pkiDir))
  if (values.insecure) return undefined
  if (ca !== undefined && cert !== undefined && key !== undefined)
    return { ca: resolve(ca), cert: resolve(cert), key: resolve(key) }
  mistakes.push(
    '--tls-ca, --tls-cert and --tls-key are needed (or --insecure, in a laboratory; or --pki-dir, of an enrolled host)',
  )
  return undefined
}

function tlsOf(files: TlsFiles, mistakes: string[]): TlsIdentity | undefined {
  const ca = readCa(files.ca, '--tls-ca', mistakes)
  const own = readTlsFiles(files.cert, files.key, '--tls-cert and --tls-key', mistakes)
  return ca !== undefined && own ? { ca, ...own } : undefined
}
