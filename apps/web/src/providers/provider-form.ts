// The form of a provider: from what the engine has to what is typed, and from there to a request. Fields and rules are those
// of oVirt's dialog.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { providerType } from '@patchbay/ovirt-api/types/providers.ts'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/providers.ts'

export type Provider = ResourceOf<typeof providerType>

export interface ProviderForm {
  readonly name: string
  readonly description: string
  readonly type: 'external' | 'neutron'
  readonly plugin: string
  readonly autoSync: boolean
  readonly unmanaged: boolean
  readonly readOnly: boolean
  readonly url: string
  readonly requiresAuthentication: boolean
  readonly username: string
  /** '' of a provider that has one: it is kept. */
  readonly password: string
  /** These four make the URL of the Identity service. */
  readonly protocol: string
  readonly host: string
  readonly port: string
  readonly version: 'v2.0' | 'v3'
  readonly tenant: string
  readonly userDomain: string
  readonly project: string
  readonly projectDomain: string
}

const defaultUrl = 'http://localhost:9696'

export const blankForm: ProviderForm = {
  name: '',
  description: '',
  type: 'external',
  plugin: '',
  autoSync: false,
  unmanaged: false,
  readOnly: true,
  url: defaultUrl,
  requiresAuthentication: false,
  username: '',
  password: '',
  protocol: 'http',
  host: '',
  port: '35357',
  version: 'v2.0',
  tenant: '',
  userDomain: '',
  project: '',
  projectDomain: '',
}

export function formOf(provider: Provider): ProviderForm {
  const [, protocol, host, port, version] =
    /^(https?):\/\/([^/]*):(\d+)\/(v3|v2\.0)\/?$/.exec(provider.authentication_url ?? '') ?? []
  return {
    ...blankForm,
    name: provider.name ?? '',
    description: provider.description ?? '',
    type: provider.type ?? 'external',
    plugin: provider.external_plugin_type ?? '',
    autoSync: provider.auto_sync ?? false,
    unmanaged: provider.unmanaged ?? false,
    readOnly: provider.read_only ?? true,
    url: provider.url ?? '',
    requiresAuthentication: provider.requires_authentication ?? false,
    username: provider.username ?? '',
    protocol: protocol ?? blankForm.protocol,
    host: host ?? '',
    port: port ?? blankForm.port,
    version: version === 'v3' ? 'v3' : 'v2.0',
    tenant: provider.tenant_name ?? '',
    userDomain: provider.user_domain_name ?? '',
    project: provider.project_name ?? '',
    projectDomain: provider.project_domain_name ?? '',
  }
}

/** What another type, or being unmanaged, brings along. */
export function changed(form: ProviderForm, change: Partial<ProviderForm>): ProviderForm {
  const next = { ...form, ...change }
  if (change.type === 'neutron') {
    const plugin = next.plugin === '' ? 'OPEN_VSWITCH' : next.plugin
    return { ...next, plugin, version: 'v3', unmanaged: false }
  }
  if (change.type === 'external') {
    const plugin = next.plugin === 'OPEN_VSWITCH' ? '' : next.plugin
    return { ...next, plugin, version: 'v2.0' }
  }
  if (change.unmanaged) return { ...next, readOnly: false, autoSync: false, requiresAuthentication: false, url: '' }
  if (change.unmanaged === false && next.url === '') return { ...next, url: defaultUrl }
  return next
}

/** `isNew`: there is no stored password. */
export function mistakesOf(form: ProviderForm, isNew: boolean): Mistakes<ProviderForm> {
  const mistakes: Mistakes<ProviderForm> = {}
  if (form.name === '') mistakes.name = text.needed
  else if (!/^[0-9a-zA-Z_-]+$/.test(form.name)) mistakes.name = text.nameMistake
  if (!form.unmanaged && !/^https?:\/\/./.test(form.url)) mistakes.url = text.urlMistake
  if (form.type === 'neutron' && form.plugin === '') mistakes.plugin = text.needed
  return form.requiresAuthentication ? { ...mistakes, ...accessMistakes(form, isNew) } : mistakes
}

function accessMistakes(form: ProviderForm, isNew: boolean): Mistakes<ProviderForm> {
  const mistakes: Mistakes<ProviderForm> = {}
  if (form.username === '') mistakes.username = text.needed
  if (form.password === '' && isNew) mistakes.password = text.needed
  if (form.host === '') mistakes.host = text.needed
  if (!/^\d{1,5}$/.test(form.port) || Number(form.port) < 1 || Number(form.port) > 65_535)
    mistakes.port = text.portMistake
  if (form.type === 'neutron' && form.version === 'v2.0' && form.tenant === '') mistakes.tenant = text.needed
  if (form.type === 'neutron' && form.version === 'v3' && form.userDomain === '') mistakes.userDomain = text.needed
  return mistakes
}

/** All of it, as a new provider is told. */
export function requestOf(form: ProviderForm): Provider {
  const isV3 = form.version === 'v3'
  const access = form.requiresAuthentication
    ? {
        username: form.username,
        ...(form.password !== '' && { password: form.password }),
        authentication_url: `${form.protocol}://${form.host}:${form.port}/${form.version}`,
        tenant_name: isV3 ? '' : form.tenant,
        user_domain_name: isV3 ? form.userDomain : '',
        project_name: isV3 ? form.project : '',
        project_domain_name: isV3 ? form.projectDomain : '',
      }
    : {}
  return {
    name: form.name,
    description: form.description,
    type: form.type,
    external_plugin_type: form.plugin,
    auto_sync: form.autoSync,
    unmanaged: form.unmanaged,
    read_only: form.readOnly,
    url: form.url,
    requires_authentication: form.requiresAuthentication,
    ...access,
  }
}
