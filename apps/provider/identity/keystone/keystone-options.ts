// How an external Keystone is configured, and which combinations make no sense.
import type { Options, OptionValues } from '@patchbay/service/options.ts'
import { readCa } from '@patchbay/service/tls-files.ts'
import { readPassword } from '../users/option-files.ts'

export const keystoneOptions = {
  'keystone-url': { type: 'text', help: "Keystone's v3 API, such as https://keystone:5000/v3" },
  'keystone-user': { type: 'text', help: 'user as which the provider asks Keystone about tokens' },
  'keystone-password-file': { type: 'text', help: "file with that user's password" },
  'keystone-project': { type: 'text', help: 'project in which that user has role admin or service (default: service)' },
  'keystone-domain': { type: 'text', help: 'domain of that user and project (default: Default)' },
  'keystone-ca': { type: 'text', help: "PEM file with Keystone's CA (default: the system's)" },
  'keystone-cache': {
    type: 'integer',
    min: 0,
    max: 300,
    help: "seconds for which Keystone's word on a token is kept (default: 60)",
  },
} as const satisfies Options

export interface KeystoneOptions {
  /** Up to and including /v3, without a slash at the end. */
  readonly url: string
  readonly user: string
  readonly password: string
  readonly project: string
  /** Name of the domain of user and project. */
  readonly domain: string
  /** PEM certificates to trust instead of the system's. */
  readonly ca: string | undefined
  readonly cacheMs: number
}

type Values = OptionValues<typeof keystoneOptions>

export function keystoneOf(values: Values, mistakes: string[]): KeystoneOptions {
  const { 'keystone-user': user, 'keystone-password-file': passwordFile } = values
  if (values['keystone-url'] === undefined || user === undefined || passwordFile === undefined)
    mistakes.push('--identity keystone needs --keystone-url, --keystone-user and --keystone-password-file')
  const caFile = values['keystone-ca']
  return {
    url: urlOf(values['keystone-url'], mistakes),
    user: user ?? '',
    password: (passwordFile && readPassword(passwordFile, '--keystone-password-file', mistakes)) ?? '',
    project: values['keystone-project'] ?? 'service',
    domain: values['keystone-domain'] ?? 'Default',
    ca: caFile === undefined ? undefined : readCa(caFile, '--keystone-ca', mistakes),
    cacheMs: (values['keystone-cache'] ?? 60) * 1000,
  }
}

export const keystoneOnly = Object.keys(keystoneOptions)

function urlOf(text: string | undefined, mistakes: string[]): string {
  if (text === undefined) return ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  const path = url?.pathname.replace(/\/+$/, '')
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url && isHttp && path?.endsWith('/v3') && url.href === url.origin + url.pathname) return url.origin + path
  // Not the text itself: it may have a password in it.
  mistakes.push('--keystone-url: it is not of the form http://HOST:5000/v3 or https://HOST[/PATH]/v3')
  return ''
}
