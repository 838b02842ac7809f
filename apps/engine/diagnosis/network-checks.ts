// From the vNIC to the provider's network: what the administrator decides.

import type { Facts } from './facts.ts'
import { broken, type Check, ok, skipped } from './finding.ts'

const vm: Check = {
  name: 'VM',
  look: ({ vm: { name, status, statusDetail } }) =>
    ['up', 'powering_up', 'migrating'].includes(status)
      ? ok(`${name} is ${status.replaceAll('_', ' ')}`)
      : broken(
          `${name} is ${status.replaceAll('_', ' ')}${statusDetail && `: ${statusDetail}`}`,
          statusDetail ? 'Mend what it ended with, and start it again.' : 'Start the VM.',
        ),
}

const vnic: Check = {
  name: 'vNIC',
  look({ nic: { name, plugged, linked, mac } }) {
    if (!plugged) return broken(`${name} is not plugged`, 'Plug it: the action activate.')
    if (!linked) return broken(`the link of ${name} is down`, 'Unplug it, set linked to true, and plug it.')
    return ok(`${name}, ${mac}, is plugged and its link is up`)
  },
}

const profile: Check = {
  name: 'vNIC profile',
  look({ nic, profile }) {
    if (nic.profileId === '') return broken('the vNIC has no profile: it is on no network', 'Give it a vNIC profile.')
    return profile ? ok(profile.name) : broken('its profile is gone', 'Give it another vNIC profile.')
  },
}

const network: Check = {
  name: 'network',
  look({ network, provider }) {
    if (!network) return skipped('without a profile there is none')
    return ok(provider ? `${network.name}, of provider ${provider.name}` : `${network.name}, on a bridge of the hosts`)
  },
}

const cluster: Check = {
  name: 'cluster',
  look({ network, cluster, isAttached }) {
    if (!network) return skipped('there is no network')
    if (isAttached) return ok(`${network.name} is attached to cluster ${cluster?.name}`)
    return broken(`${network.name} is not attached to cluster ${cluster?.name}`, 'Attach the network to the cluster.')
  },
}

const provider: Check = {
  name: 'provider',
  look({ provider, external }) {
    if (!provider) return skipped('the network has none')
    if (!external) return skipped(`${provider.name} is unmanaged: it is not asked`)
    if ('value' in external) return ok(`${provider.name} answers`)
    return broken(external.failure, 'Test the provider: its URL, its credentials, its certificate, its log.')
  },
}

const externalNetwork: Check = {
  name: 'external network',
  look(facts) {
    const external = answered(facts)
    if (!external) return skipped('the provider says nothing')
    const { network } = external
    if (!network)
      return broken(
        `the provider has no network ${facts.network?.externalId}`,
        'It was removed there: remove the network here, or make it again.',
      )
    if (network.admin_state_up === false)
      return broken(`${network.name} is set down on the provider`, 'Set its admin_state_up to true there.')
    return ok(`${network.name || network.id} is there and up`)
  },
}

/** What the provider said, if it was asked and answered. */
export const answered = ({ external }: Facts) => (external && 'value' in external ? external.value : undefined)

export const networkChecks: readonly Check[] = [vm, vnic, profile, network, cluster, provider, externalNetwork]
