// What is asked of the engine about providers.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import { certificateType, providerType } from '@patchbay/ovirt-api/types/providers.ts'
import { request } from '../engine/request.ts'
import { readCollection, writeResource } from '../engine/resource.ts'
import type { Provider } from './provider-form.ts'

export const providersPath = '/openstacknetworkproviders'

export type Certificate = ResourceOf<typeof certificateType>

export const addProvider = (provider: Provider) => request('POST', providersPath, writeResource(providerType, provider))

export const editProvider = (id: string, changes: Provider) =>
  request('PUT', `${providersPath}/${id}`, writeResource(providerType, changes))

/** Also by force: what oVirt skips then, network providers do not have. */
export const removeProvider = (id: string) => request('DELETE', `${providersPath}/${id}`)

export const synchronize = (id: string) => request('POST', `${providersPath}/${id}/sync`, {})

/** Of values that are not kept; with an `id` they are laid over what is. */
export const testProvider = (provider: Provider) =>
  request('POST', `${providersPath}/testconnectivity`, unsaved(provider))

/** What the provider's server shows: its own certificate first. None without https. */
export async function readCertificates(provider: Provider): Promise<Certificate[]> {
  const answer = await request('POST', `${providersPath}/readcertificates`, unsaved(provider))
  return readCollection(certificateType, (answer as { certificates?: unknown }).certificates ?? {})
}

export const trustCertificate = (provider: Provider, content: string) =>
  request('POST', `${providersPath}/importcertificates`, {
    ...unsaved(provider),
    certificates: { certificate: [{ content }] },
  })

const unsaved = (provider: Provider) => ({ openstack_network_provider: writeResource(providerType, provider) })
