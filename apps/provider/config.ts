// What can be configured, and which combinations make sense.
import { existsSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { parseRemote } from '@patchbay/ovsdb/transport/remote.ts'
import { type Address, ConfigurationError, type OptionValues } from '@patchbay/service/options.ts'
import { readCa, readTlsFiles, type TlsFiles } from '@patchbay/service/tls-files.ts'
import type { NorthboundOptions } from './backends/ovn/northbound.ts'
import {
  type KeystoneOptions,
  keystoneOf,
  keystoneOnly,
  keystoneOptions,
} from './identity/keystone/keystone-options.ts'
import { type OvirtOptions, ovirtOf, ovirtOnly, ovirtOptions } from './identity/ovirt/ovirt-options.ts'
import { readPassword } from './identity/users/option-files.ts'

export const providerOptions = {
  listen: { type: 'address', default: '127.0.0.1:9696', help: 'where the Networking API listens' },
  'identity-listen': { type: 'address', default: '127.0.0.1:35357', help: 'where the Identity API listens' },
  'data-dir': { type: 'text', default: '/var/lib/patchbay/provider', help: 'folder of the state' },
  backend: {
    type: 'choice',
    choices: ['embedded', 'ovn'],
    default: 'embedded',
    help: 'where networks and ports are kept',
  },
  'ovn-nb': {
    type: 'text',
    default: 'unix:/var/run/ovn/ovnnb_db.sock',
    help: "OVN's northbound database: its servers as tcp:HOST:PORT, ssl:HOST:PORT or unix:PATH, with commas between",
  },
  'ovn-ca': { type: 'text', help: 'PEM file with the CA of the northbound database, for ssl:' },
  'ovn-cert': { type: 'text', help: 'PEM file with the certificate that it wants to see' },
  'ovn-key': { type: 'text', help: "PEM file with that certificate's key" },
  'ovn-gateway-chassis': {
    type: 'text',
    help: 'chassis that routers lead outside through, with commas between: their system-id; the others stand by',
  },
  user: { type: 'text', help: 'name of the administrator' },
  'password-file': { type: 'text', help: "file with the administrator's password" },
  'users-file': {
    type: 'text',
    help: 'more users, kept by `patchbay provider user` (default: users.json in the data dir)',
  },
  'token-lifetime': { type: 'integer', default: 3600, min: 60, help: 'seconds that a token lives' },
  identity: {
    type: 'choice',
    choices: ['own', 'keystone', 'ovirt'],
    default: 'own',
    help: "where users come from: the provider's own, an external Keystone, or an oVirt engine",
  },
  ...keystoneOptions,
  ...ovirtOptions,
  'no-auth': { type: 'switch', help: 'take requests without a token (only on a loopback address)' },
  'max-mtu': {
    type: 'integer',
    min: 68,
    max: 65_535,
    help: "largest MTU of a port: the underlay's minus 50, with OVN minus 58 (default: 1450 or 1442)",
  },
  'body-limit': { type: 'integer', default: 1_048_576, min: 1024, help: 'largest request body in bytes' },
  'tls-cert': { type: 'text', help: 'PEM file with the certificate; both APIs then speak HTTPS' },
  'tls-key': { type: 'text', help: "PEM file with the certificate's key" },
} as const

export interface ProviderConfig {
  readonly listen: Address
  readonly identityListen: Address
  readonly dataDir: string
  /** undefined: authentication is off. */
  readonly identity: IdentityConfig | undefined
  /** undefined: the embedded backend. */
  readonly ovn: NorthboundOptions | undefined
  readonly maxMtu: number
  readonly bodyLimitBytes: number
  /** undefined: plain HTTP. */
  readonly tls: TlsFiles | undefined
}

/** Exactly one source of users. */
export type IdentityConfig = OwnUsersConfig | { readonly keystone: KeystoneOptions } | { readonly ovirt: OvirtOptions }

export interface OwnUsersConfig {
  readonly usersFile: string
  readonly administrator: { readonly name: string; readonly password: string } | undefined
  readonly tokenLifetimeMs: number
}

/** Throws a ConfigurationError that lists every mistake. */
type Values = OptionValues<typeof providerOptions>

export function toConfig(values: Values): ProviderConfig {
  const mistakes: string[] = []
  const config = {
    listen: values.listen,
    identityListen: values['identity-listen'],
    dataDir: values['data-dir'],
    identity: identityOf(values, mistakes),
    ovn: values.backend === 'ovn' ? northboundOf(values, mistakes) : undefined,
    maxMtu: values['max-mtu'] ?? usualMtu[values.backend as keyof typeof usualMtu],
    bodyLimitBytes: values['body-limit'],
    tls: readTlsFiles(values['tls-cert'], values['tls-key'], '--tls-cert and --tls-key', mistakes),
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join('\n'))
  return config
}

/** What is left of 1500 bytes after the headers of VXLAN, or of Geneve. */
const usualMtu = { embedded: 1450, ovn: 1442 }

function northboundOf(values: Values, mistakes: string[]): NorthboundOptions {
  const remotes = values['ovn-nb'].split(',').map((remote) => remote.trim())
  for (const remote of remotes)
    if (!isRemote(remote)) mistakes.push(`--ovn-nb: "${remote}" is not tcp:HOST:PORT, ssl:HOST:PORT or unix:PATH`)
  const { 'ovn-ca': caFile, 'ovn-cert': cert, 'ovn-key': key } = values
  const own = readTlsFiles(cert, key, '--ovn-cert and --ovn-key', mistakes)
  const ca = caFile === undefined ? undefined : readCa(caFile, '--ovn-ca', mistakes)
  const isComplete = caFile !== undefined && (cert ?? key) !== undefined
  if (remotes.some((remote) => remote.startsWith('ssl:')) && !isComplete)
    mistakes.push('--ovn-nb: ssl: needs --ovn-ca, --ovn-cert and --ovn-key')
  const gatewayChassis = (values['ovn-gateway-chassis'] ?? '').split(',').map((name) => name.trim())
  return {
    remotes,
    tls: own && ca !== undefined ? { ...own, ca } : undefined,
    gatewayChassis: [...new Set(gatewayChassis)].filter((name) => name !== ''),
  }
}

function isRemote(text: string): boolean {
  try {
    const remote = parseRemote(text)
    return remote.kind === 'unix' ? remote.path.startsWith('/') : /:\d+$/.test(text)
  } catch {
    return false
  }
}

function identityOf(values: Values, mistakes: string[]): IdentityConfig | undefined {
  const { identity: source } = values
  for (const [name, options] of Object.entries(optionsOfSources))
    if (source !== name) refuseOptions(values, options, `only with --identity ${name}`, mistakes)
  if (source !== 'own') {
    if (values['no-auth']) mistakes.push(`--no-auth and --identity ${source} exclude each other`)
    refuseOptions(values, ['user', 'password-file', 'users-file'], `not with --identity ${source}`, mistakes)
  }
  if (source === 'keystone') return { keystone: keystoneOf(values, mistakes) }
  if (source === 'ovirt') return { ovirt: ovirtOf(values, mistakes) }
  if (values['no-auth']) {
    if (!isLoopback(values.listen.host))
      mistakes.push('--no-auth: allowed only where --listen is a loopback address; give --user and --password-file')
    return undefined
  }
  const usersFile = values['users-file'] ?? join(values['data-dir'], 'users.json')
  const administrator = administratorOf(values, existsSync(usersFile), mistakes)
  return { usersFile, administrator, tokenLifetimeMs: values['token-lifetime'] * 1000 }
}

const optionsOfSources = { keystone: keystoneOnly, ovirt: ovirtOnly }

function refuseOptions(values: object, names: readonly string[], why: string, mistakes: string[]): void {
  const given = names.filter((name) => (values as Record<string, unknown>)[name] !== undefined)
  if (given.length > 0) mistakes.push(`${given.map((name) => `--${name}`).join(', ')}: ${why}`)
}

function administratorOf(values: Values, hasUsers: boolean, mistakes: string[]): OwnUsersConfig['administrator'] {
  const { user: name, 'password-file': file } = values
  if (name === undefined && file === undefined && hasUsers) return undefined
  if (name === undefined || file === undefined) {
    mistakes.push('--user and --password-file are needed (or --no-auth, on a loopback address)')
    return undefined
  }
  const password = readPassword(file, '--password-file', mistakes)
  return password === undefined ? undefined : { name, password }
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
