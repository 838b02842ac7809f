// The options of the ovn driver, as the host's configuration gives them.
import { readFileSync } from 'node:fs'
import type { TlsIdentity } from '@patchbay/ovsdb/transport/open-socket.ts'

export interface OvnOptions {
  /** OVSDB remote of this host's Open vSwitch. */
  readonly ovsdb: string
  readonly pluginTypes: readonly string[]
  /** For a NIC to be wired. */
  readonly wireTimeoutMs: number
  /** For OVN's southbound database, where ovn-remote is `ssl:`. */
  readonly tls: TlsIdentity | undefined
}

export const optionNames = ['ovsdb', 'plugin-types', 'wire-timeout', 'ca-file', 'cert-file', 'key-file']

const tlsFiles = ['ca-file', 'cert-file', 'key-file'] as const

/** Checks options that came from YAML. Throws an Error that names the key. */
export function parseOptions(given: unknown): OvnOptions {
  const options = record(given ?? {})
  const unknown = Object.keys(options).find((key) => !optionNames.includes(key))
  // A misspelt option would otherwise be one that was left out.
  if (unknown !== undefined)
    throw new Error(`driver ovn: there is no option ${unknown}, only ${optionNames.join(', ')}`)
  return {
    ovsdb: text(options, 'ovsdb', 'unix:/run/openvswitch/db.sock'),
    pluginTypes: texts(options, 'plugin-types', ['OVIRT_PROVIDER_OVN']),
    wireTimeoutMs: seconds(options, 'wire-timeout', 10) * 1000,
    tls: tlsOf(options),
  }
}

function tlsOf(options: Record<string, unknown>): TlsIdentity | undefined {
  if (tlsFiles.every((key) => options[key] === undefined)) return undefined
  const [ca, cert, key] = tlsFiles.map((name) => readFileSync(text(options, name), 'utf8'))
  return { ca: ca!, cert: cert!, key: key! }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error('driver ovn: options must be a mapping')
}

function text(from: Record<string, unknown>, key: string, preset?: string): string {
  const value = from[key] ?? preset
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`driver ovn: ${key} must be ${value === undefined ? 'given' : 'a text'}`)
}

function texts(from: Record<string, unknown>, key: string, preset: readonly string[]): readonly string[] {
  const value = from[key] ?? preset
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) return value
  throw new Error(`driver ovn: ${key} must be a list of texts`)
}

function seconds(from: Record<string, unknown>, key: string, preset: number): number {
  const value = from[key] ?? preset
  if (typeof value === 'number' && value > 0) return value
  throw new Error(`driver ovn: ${key} must be a number of seconds above 0`)
}
