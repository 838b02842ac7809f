// How an oVirt engine is configured as the source of users, and which combinations make no sense.
import type { Options, OptionValues } from '@patchbay/service/options.ts'
import { readCa } from '@patchbay/service/tls-files.ts'
import { readPassword } from '../users/option-files.ts'
import { type OvirtRule, readOvirtRules, usualRules } from './ovirt-rules.ts'

export const ovirtOptions = {
  'ovirt-url': { type: 'text', help: "the oVirt engine's URL, such as https://engine/ovirt-engine" },
  'ovirt-client': {
    type: 'text',
    help: "name as which the provider asks the engine's SSO about tokens (default: ovirt-provider-ovn)",
  },
  'ovirt-client-secret-file': { type: 'text', help: 'file with the secret that goes with that name' },
  'ovirt-rules-file': {
    type: 'text',
    help: "JSON file: who of the engine's users has which roles in which projects (default: admin@internal all)",
  },
  'ovirt-ca': { type: 'text', help: "PEM file with the engine's CA (default: the system's)" },
  'ovirt-cache': {
    type: 'integer',
    min: 0,
    max: 300,
    help: "seconds for which the engine's word on a token is kept (default: 60)",
  },
} as const satisfies Options

export interface OvirtOptions {
  /** Up to and including /ovirt-engine, without a slash at the end. */
  readonly url: string
  readonly client: string
  readonly secret: string
  readonly rules: readonly OvirtRule[]
  /** PEM certificates to trust instead of the system's. */
  readonly ca: string | undefined
  readonly cacheMs: number
}

export const ovirtOnly = Object.keys(ovirtOptions)

export function ovirtOf(values: OptionValues<typeof ovirtOptions>, mistakes: string[]): OvirtOptions {
  const { 'ovirt-client-secret-file': secretFile, 'ovirt-rules-file': rulesFile, 'ovirt-ca': caFile } = values
  if (values['ovirt-url'] === undefined || secretFile === undefined)
    mistakes.push('--identity ovirt needs --ovirt-url and --ovirt-client-secret-file')
  return {
    url: urlOf(values['ovirt-url'], mistakes),
    client: values['ovirt-client'] ?? 'ovirt-provider-ovn',
    secret: (secretFile && readPassword(secretFile, '--ovirt-client-secret-file', mistakes)) ?? '',
    rules: rulesFile === undefined ? usualRules : readOvirtRules(rulesFile, '--ovirt-rules-file', mistakes),
    ca: caFile === undefined ? undefined : readCa(caFile, '--ovirt-ca', mistakes),
    cacheMs: (values['ovirt-cache'] ?? 60) * 1000,
  }
}

function urlOf(text: string | undefined, mistakes: string[]): string {
  if (text === undefined) return ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url && isHttp && url.href === url.origin + url.pathname) return url.href.replace(/\/+$/, '')
  // Not the text itself: it may have a password in it.
  mistakes.push('--ovirt-url: it is not of the form https://HOST/ovirt-engine')
  return ''
}
