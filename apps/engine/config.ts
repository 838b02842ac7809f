// What can be configured of the engine, and which combinations make sense.
import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { type Address, ConfigurationError, type OptionValues } from '@patchbay/service/options.ts'
import { readCa, readTlsFiles, type TlsFiles } from '@patchbay/service/tls-files.ts'
import type { TlsIdentity } from '@patchbay/vdsm-rpc/tls-identity.ts'
import { parseSigners } from '@patchbay/vif-driver/package-file/open-package.ts'
import type { Credentials } from './sso/credentials.ts'
import { isPostgres, sqliteFileOf } from './store/databases/open-database.ts'

export const engineOptions = {
  listen: { type: 'address', default: '127.0.0.1:8080', help: 'where the REST API listens' },
  database: {
    type: 'text',
    default: 'sqlite:/var/lib/patchbay/engine/engine.sqlite',
    help: 'sqlite:FILE or postgres://…',
  },
  'data-dir': {
    type: 'text',
    help: 'folder of the secret key, the CA and imported certificates (default: that of the SQLite file, or /var/lib/patchbay/engine)',
  },
  user: { type: 'text', default: 'admin@internal', help: 'name of the administrator, with its profile' },
  'password-file': { type: 'text', help: "file with the administrator's password" },
  'no-auth': { type: 'switch', help: 'take requests without a password (only on a loopback address)' },
  'session-timeout': { type: 'integer', default: 1800, min: 1, help: 'seconds after which an unused token ends' },
  'sso-client': { type: 'text', default: 'ovirt-provider-ovn', help: 'name of the service that may ask about tokens' },
  'sso-client-secret-file': { type: 'text', help: "file with that service's secret" },
  'provider-connect-timeout': { type: 'integer', default: 20, min: 1, help: 'seconds to connect to a provider' },
  'provider-timeout': { type: 'integer', default: 30, min: 1, help: "seconds for a provider's answer" },
  'provider-trust-file': {
    type: 'text',
    help: 'PEM file of certificates imported for providers (default: provider-trust.pem in data-dir)',
  },
  'provider-sync-rate': {
    type: 'integer',
    default: 300,
    min: 0,
    help: 'seconds between synchronizations of providers with auto_sync; 0: only when asked for',
  },
  'reconciliation-rate': {
    type: 'integer',
    default: 900,
    min: 0,
    help: 'seconds between comparisons of engine, providers and hosts; 0: only when asked for',
  },
  'event-retention': {
    type: 'integer',
    default: 30,
    min: 0,
    help: 'days after which events are removed; 0: never',
  },
  'host-patience': {
    type: 'integer',
    default: 30,
    min: 1,
    help: 'seconds that operations wait for a host that is away',
  },
  'host-grace': {
    type: 'integer',
    default: 60,
    min: 1,
    help: 'seconds that a host may be away before its VMs are unknown',
  },
  'driver-signers': { type: 'text', help: 'PEM file with public keys of those whose driver packages are taken' },
  'own-names': {
    type: 'text',
    help: 'names and addresses of this engine, with commas: API and hosts get certificates of its own CA',
  },
  'ca-dir': { type: 'text', help: "folder of the engine's own CA (default: pki in data-dir)" },
  'portal-dir': { type: 'text', help: "folder of the admin portal's built files (default: those of this checkout)" },
  'tls-cert': { type: 'text', help: 'PEM file with the certificate; the REST API then speaks HTTPS' },
  'tls-key': { type: 'text', help: "PEM file with the certificate's key" },
  'hosts-ca': { type: 'text', help: "PEM file of the CA of the hosts' certificates" },
  'hosts-cert': { type: 'text', help: 'PEM file with the certificate shown to hosts' },
  'hosts-key': { type: 'text', help: "PEM file with that certificate's key" },
} as const

export interface EngineConfig {
  readonly listen: Address
  /** `sqlite:FILE` or `postgres://…`. */
  readonly database: string
  readonly secretKeyFile: string
  /** Of the engine's own CA. */
  readonly caDir: string
  /** Names and addresses for the engine's certificate of that CA; none: it has none. */
  readonly ownNames: readonly string[]
  /** undefined: authentication is off. */
  readonly administrator: Credentials | undefined
  /** ms after which an unused token ends. */
  readonly sessionIdleMs: number
  /** Who may ask the SSO service about tokens; undefined: nobody. */
  readonly ssoClient: Credentials | undefined
  readonly providerTimeouts: { readonly connectTimeoutMs: number; readonly timeoutMs: number }
  /** ms between synchronizations of providers with auto_sync; 0: only when asked for. */
  readonly providerSyncEveryMs: number
  /** ms between comparisons of engine, providers and hosts; 0: only when asked for. */
  readonly reconciliationEveryMs: number
  /** Certificates that were imported for providers. */
  readonly providerTrustFile: string
  /** ms after which events are removed; 0: never. As the real engine's AuditLogAgingThreshold. */
  readonly eventRetentionMs: number
  readonly hostPatienceMs: number
  readonly hostGraceMs: number
  /** PEM: public keys of those whose driver packages are taken; '' for nobody. */
  readonly driverSigners: string
  /** Of the admin portal's built files. */
  readonly portalDir: string
  /** undefined: a certificate for `ownNames`, or else plain HTTP. */
  readonly tls: TlsFiles | undefined
  /** undefined: certificates of the engine's own CA if there are `ownNames`, or else plain TCP. */
  readonly hostsTls: TlsIdentity | undefined
}

type Values = OptionValues<typeof engineOptions>

/** Throws a ConfigurationError that lists every mistake. */
export function toConfig(values: Values): EngineConfig {
  const mistakes: string[] = []
  const dataDir = values['data-dir'] ?? dataDirOf(values.database, mistakes)
  const config = {
    listen: values.listen,
    database: values.database,
    secretKeyFile: join(dataDir, 'secret.key'),
    caDir: values['ca-dir'] ?? join(dataDir, 'pki'),
    ownNames: (values['own-names'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    administrator: administratorOf(values, mistakes),
    sessionIdleMs: values['session-timeout'] * 1000,
    ssoClient: clientOf(values, mistakes),
    providerTimeouts: {
      connectTimeoutMs: values['provider-connect-timeout'] * 1000,
      timeoutMs: values['provider-timeout'] * 1000,
    },
    providerSyncEveryMs: values['provider-sync-rate'] * 1000,
    reconciliationEveryMs: values['reconciliation-rate'] * 1000,
    providerTrustFile: values['provider-trust-file'] ?? join(dataDir, 'provider-trust.pem'),
    eventRetentionMs: values['event-retention'] * 86_400_000,
    hostPatienceMs: values['host-patience'] * 1000,
    hostGraceMs: values['host-grace'] * 1000,
    driverSigners: signersOf(values['driver-signers'], mistakes),
    portalDir: values['portal-dir'] ?? resolve(import.meta.dirname, '../web/dist'),
    tls: readTlsFiles(values['tls-cert'], values['tls-key'], '--tls-cert and --tls-key', mistakes),
    hostsTls: hostsTlsOf(values, mistakes),
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join('\n'))
  return config
}

/** Where the secret key and the CA are, unless said otherwise. */
export function dataDirOf(database: string, mistakes: string[]): string {
  const file = sqliteFileOf(database)
  if (file !== undefined) return dirname(file)
  // What is wrong with it may be a password in it: it is not repeated.
  if (!isPostgres(database)) mistakes.push('--database: it is neither sqlite:FILE nor postgres://…')
  return '/var/lib/patchbay/engine'
}

function administratorOf(values: Values, mistakes: string[]): Credentials | undefined {
  const { user: name, 'password-file': file } = values
  if (values['no-auth']) {
    if (!isLoopback(values.listen.host))
      mistakes.push('--no-auth: allowed only where --listen is a loopback address; give --password-file')
    return undefined
  }
  if (file === undefined) {
    mistakes.push('--password-file is needed (or --no-auth, on a loopback address)')
    return undefined
  }
  return { name, password: secretIn(file, '--password-file', mistakes) }
}

function clientOf(values: Values, mistakes: string[]): Credentials | undefined {
  const { 'sso-client': name, 'sso-client-secret-file': file } = values
  return file === undefined ? undefined : { name, password: secretIn(file, '--sso-client-secret-file', mistakes) }
}

function secretIn(file: string, option: string, mistakes: string[]): string {
  const secret = read(file, mistakes)?.replace(/\r?\n$/, '')
  if (secret === '') mistakes.push(`${option}: ${file} is empty`)
  return secret ?? ''
}

function signersOf(file: string | undefined, mistakes: string[]): string {
  const pem = file === undefined ? '' : (read(file, mistakes) ?? '')
  try {
    if (pem !== '') parseSigners(pem)
  } catch (error) {
    mistakes.push(`--driver-signers: ${file}: ${(error as Error).message}`)
  }
  return pem
}

function hostsTlsOf(values: Values, mistakes: string[]): TlsIdentity | undefined {
  const { 'hosts-ca': caFile, 'hosts-cert': certFile, 'hosts-key': keyFile } = values
  if ([caFile, certFile, keyFile].every((file) => file === undefined)) return undefined
  if (caFile === undefined || certFile === undefined || keyFile === undefined) {
    mistakes.push('--hosts-ca, --hosts-cert and --hosts-key belong together')
    return undefined
  }
  const ca = readCa(caFile, '--hosts-ca', mistakes)
  const own = readTlsFiles(certFile, keyFile, '--hosts-cert and --hosts-key', mistakes)
  return ca !== undefined && own ? { ca, ...own } : undefined
}

function read(file: string, mistakes: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    mistakes.push((error as Error).message)
    return undefined
  }
}

/** `127.example.org` is a name like any other, not an address that starts with 127. */
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
