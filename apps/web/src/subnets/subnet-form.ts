// The form of a subnet of a provider's network. Addresses are looked at roughly: the engine and the provider know better.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { subnetType } from '@patchbay/ovirt-api/types/providers.ts'
import type { Mistakes } from '../form/use-form.ts'
import { text } from '../text/subnets.ts'

export interface SubnetForm {
  readonly name: string
  readonly cidr: string
  readonly version: 'v4' | 'v6'
  readonly gateway: string
  /** Addresses with commas between. */
  readonly dnsServers: string
}

export const blankSubnet: SubnetForm = { name: '', cidr: '', version: 'v4', gateway: '', dnsServers: '' }

/** The version follows from what is typed as the network. */
export function changedSubnet(form: SubnetForm, change: Partial<SubnetForm>): SubnetForm {
  if (change.cidr === undefined) return { ...form, ...change }
  return { ...form, ...change, version: change.cidr.includes(':') ? 'v6' : 'v4' }
}

export function subnetMistakes({ name, cidr, version, gateway, dnsServers }: SubnetForm): Mistakes<SubnetForm> {
  const mistakes: Mistakes<SubnetForm> = {}
  const wrong = text.addressMistake(text.versions[version])
  if (name.trim() === '') mistakes.name = text.needed
  const [address = '', prefix = ''] = cidr.split('/')
  if (!isAddress(address, version) || !/^\d{1,3}$/.test(prefix)) mistakes.cidr = text.cidrMistake
  if (gateway !== '' && !isAddress(gateway, version)) mistakes.gateway = wrong
  if (!addressesIn(dnsServers).every((each) => isAddress(each, version))) mistakes.dnsServers = wrong
  return mistakes
}

export const subnetRequest = (form: SubnetForm): ResourceOf<typeof subnetType> => ({
  name: form.name.trim(),
  cidr: form.cidr.trim(),
  ip_version: form.version,
  ...(form.gateway !== '' && { gateway: form.gateway.trim() }),
  dns_servers: addressesIn(form.dnsServers),
})

export const addressesIn = (text: string) => text.split(/[\s,]+/).filter((each) => each !== '')

function isAddress(address: string, version: 'v4' | 'v6'): boolean {
  const given = address.trim()
  if (version === 'v6') return given.includes(':') && /^[0-9a-fA-F:.]{2,45}$/.test(given)
  const octets = given.split('.')
  return octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) < 256)
}
