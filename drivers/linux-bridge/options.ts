// The options of the linux-bridge driver, as the host's configuration gives them.
import { readFileSync } from 'node:fs'

export interface LinuxBridgeOptions {
  /** The device that carries VXLAN between the hosts. */
  readonly underlay: string
  /** UDP port of VXLAN: the provider's own, the same on all hosts. */
  readonly vxlanPort: number
  /** Multicast group for frames to all hosts of a network; not used where `peers` are given. */
  readonly group: string
  /** Underlay addresses of the other hosts, for underlays without multicast; or those hosts that the provider knows. */
  readonly peers: readonly string[] | 'provider'
  /** Between two looks at what the provider says of networks on this host; 0: none but those of plugs. */
  readonly refreshMs: number
  /** This host's id in `binding:host_id`; left out, its name. */
  readonly bindingHostId: string | undefined
  readonly pluginTypes: readonly string[]
  readonly provider: {
    readonly url: string
    /** Up to the version, as `http://host:35357/v2.0`; left out, requests carry no token. */
    readonly authUrl: string | undefined
    readonly username: string
    readonly password: string
    readonly ca: string | undefined
    /** For one request. */
    readonly timeoutMs: number
  }
}

export const optionNames = [
  'underlay',
  'vxlan-port',
  'group',
  'peers',
  'refresh',
  'binding-host-id',
  'plugin-types',
  'provider',
]
export const providerOptionNames = ['url', 'auth-url', 'username', 'password-file', 'ca-file', 'timeout']

/** Checks options that came from YAML. Throws an Error that names the key. */
export function parseOptions(given: unknown): LinuxBridgeOptions {
  const options = record(given, 'options')
  const provider = record(options.provider, 'options.provider')
  refuseUnknown(options, optionNames)
  refuseUnknown(provider, providerOptionNames)
  const passwordFile = text(provider, 'password-file', '')
  const caFile = text(provider, 'ca-file', '')
  return {
    underlay: text(options, 'underlay'),
    vxlanPort: udpPort(options, 'vxlan-port', 4789),
    group: text(options, 'group', '239.77.0.1'),
    peers: options.peers === 'provider' ? 'provider' : texts(options, 'peers', []),
    refreshMs: seconds(options, 'refresh', 60, 0) * 1000,
    bindingHostId: text(options, 'binding-host-id', '') || undefined,
    pluginTypes: texts(options, 'plugin-types', ['LINUX_BRIDGE']),
    provider: {
      url: text(provider, 'url'),
      authUrl: text(provider, 'auth-url', '') || undefined,
      username: text(provider, 'username', ''),
      password: passwordFile && readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, ''),
      ca: caFile ? readFileSync(caFile, 'utf8') : undefined,
      timeoutMs: seconds(provider, 'timeout', 10) * 1000,
    },
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`driver linux-bridge: ${name} must be a mapping`)
}

/** A misspelt option would otherwise be one that was left out. */
function refuseUnknown(given: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown !== undefined)
    throw new Error(`driver linux-bridge: there is no option ${unknown}, only ${known.join(', ')}`)
}

function text(from: Record<string, unknown>, key: string, preset?: string): string {
  const value = from[key] ?? preset
  if (typeof value === 'string') return value
  throw new Error(`driver linux-bridge: ${key} must be ${value === undefined ? 'given' : 'a text'}`)
}

function texts(from: Record<string, unknown>, key: string, preset: readonly string[]): readonly string[] {
  const value = from[key] ?? preset
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw new Error(`driver linux-bridge: ${key} must be a list of texts`)
}

function udpPort(from: Record<string, unknown>, key: string, preset: number): number {
  const value = from[key] ?? preset
  if (Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536) return value as number
  throw new Error(`driver linux-bridge: ${key} must be a UDP port, 1 to 65535`)
}

function seconds(from: Record<string, unknown>, key: string, preset: number, least?: number): number {
  const value = from[key] ?? preset
  if (typeof value === 'number' && (value > 0 || value === least)) return value
  throw new Error(`driver linux-bridge: ${key} must be a number of seconds${least === 0 ? '' : ' above 0'}`)
}
