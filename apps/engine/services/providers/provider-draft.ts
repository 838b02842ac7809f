// What a request makes of a provider, and whether the real engine would keep it. Nothing is asked of the provider.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { Fault } from '../../faults.ts'
import type { Secrets } from '../../providers/secrets.ts'
import { isUnmanaged } from '../../providers/unmanaged-client.ts'
import type { Provider } from '../../store/entities/providers.ts'
import { checkedName, checkedProperties, checkedText } from '../names.ts'

export type ProviderRequest = ResourceOf<typeof providerType>

/** What is not said of a new provider. */
export const blankProvider: Omit<Provider, 'id' | 'type'> = {
  name: '',
  description: '',
  url: '',
  requiresAuthentication: false,
  username: '',
  sealedPassword: '',
  authenticationUrl: '',
  tenantName: '',
  userDomainName: '',
  projectName: '',
  projectDomainName: '',
  pluginType: '',
  // As in the real engine, where an API request that says nothing gets a read-only provider.
  readOnly: true,
  autoSync: false,
  unmanaged: false,
  properties: {},
}

/** What the request leaves out stays, the password too. */
export function merged(before: Provider, request: ProviderRequest, secrets: Secrets): Provider {
  const text = (given: string | undefined, known: string, what: string, max = 512) =>
    given === undefined ? known : checkedText(given, what, max)
  return {
    ...before,
    name: request.name ?? before.name,
    description: text(request.description, before.description, 'The description', 4000),
    url: text(request.url, before.url, 'The URL'),
    requiresAuthentication: request.requires_authentication ?? before.requiresAuthentication,
    username: text(request.username, before.username, 'The user name', 64),
    sealedPassword: sealedIn(request, before, secrets),
    authenticationUrl: text(request.authentication_url, before.authenticationUrl, 'The authentication URL'),
    tenantName: text(request.tenant_name, before.tenantName, 'The tenant name'),
    userDomainName: text(request.user_domain_name, before.userDomainName, "The user's domain"),
    projectName: text(request.project_name, before.projectName, 'The project name'),
    projectDomainName: text(request.project_domain_name, before.projectDomainName, "The project's domain"),
    pluginType: text(pluginTypeIn(request, before), before.pluginType, 'The plugin type', 64),
    readOnly: request.read_only ?? before.readOnly,
    autoSync: request.auto_sync ?? before.autoSync,
    unmanaged: request.unmanaged ?? before.unmanaged,
    properties:
      request.properties === undefined ? before.properties : checkedProperties(request.properties, 'save Provider'),
  }
}

export const openVswitch = 'OPEN_VSWITCH'

/** `plugin_type` is how OpenStack providers said it once. */
function pluginTypeIn(request: ProviderRequest, { type }: Provider): string | undefined {
  if (request.external_plugin_type !== undefined) return request.external_plugin_type
  return request.plugin_type !== undefined && type === 'neutron' ? openVswitch : undefined
}

/** What is not given stays; an empty one is none. Whether it is too long is asked in its turn. */
function sealedIn({ password }: ProviderRequest, before: Provider, secrets: Secrets): string {
  if (password === undefined) return before.sealedPassword
  return password === '' ? '' : secrets.seal(password)
}

export function checkName({ name }: Provider): void {
  checkedName(name, 'OpenStackNetworkProvider', {
    max: 128,
    pattern: /^[0-9a-zA-Z_-]+$/,
    characters: 'letters, digits, "_" and "-"',
  })
}

/** In the real engine's order, which looks at names before. */
export function checkAccess(provider: Provider, { password = '' }: ProviderRequest, action: string): void {
  const { authenticationUrl: url } = provider
  if (url !== '' && !/^https?:\/\/[^/]*:\d+\/(v3|v2\.0)\/?$/.test(url))
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_INVALID_AUTH_URL', { action, url })
  if (password.length > 200) throw new Fault('ACTION_TYPE_FAILED_PROVIDER_PASSWORD_TOO_LONG', { action })
  // Ours: what nobody could use is not kept.
  if (!isUnmanaged(provider) && !isHttpUrl(provider.url))
    throw new Fault('INVALID_VALUE', {
      reason: `The URL "${provider.url}" of the provider is not usable: it must look like http://host:9696.`,
    })
}

/** Of new OpenStack providers only: the others may be completed later. */
export function checkNewNeutron(provider: Provider, action: string): void {
  if (provider.type !== 'neutron') return
  if (provider.pluginType === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_PLUGIN_TYPE', { action })
  checkCredentials(provider, action)
}

/** What it takes to log in: asked before networks are imported or synchronized. */
export function checkCredentials(provider: Provider, action: string): void {
  if (!provider.requiresAuthentication || isUnmanaged(provider)) return
  if (provider.username === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_USER', { action })
  if (provider.sealedPassword === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_PASSWORD', { action })
  if (provider.authenticationUrl === '') throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_AUTH_URL', { action })
  if (provider.type === 'neutron' && provider.tenantName === '' && provider.userDomainName === '')
    throw new Fault('ACTION_TYPE_FAILED_PROVIDER_NO_TENANT_OR_USER_DOMAIN', { action })
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol)
}

export function refuseReadOnly({ readOnly, type, name }: Provider, action: string): void {
  // The real engine ignores the flag for OpenStack providers.
  if (readOnly && type === 'external')
    throw new Fault('ACTION_TYPE_FAILED_EXTERNAL_PROVIDER_IS_READ_ONLY', { action, name })
}
