// What the pages of hosts ask the engine to do.
import { request } from '../engine/request.ts'

/** The kinds of resources that change with a host. */
export const hostKinds = ['host', 'host_nic', 'network_attachment', 'event', 'job']

export type HostAction = 'activate' | 'deactivate' | 'refresh' | 'install' | 'commitnetconfig' | 'syncallnetworks'

export const runAction = (id: string, name: HostAction) => request('POST', `/hosts/${id}/${name}`, {})

export const isAway = (status = '') => status.includes('maintenance')

export const isRemovable = (status = '') => status !== 'up' && status !== 'preparing_for_maintenance'

export interface EnrolToken {
  readonly token: string
  readonly expires: string
  readonly ca_fingerprint: string
}

export const makeToken = async (id: string) => (await request('POST', `/hosts/${id}/enroltoken`, {})) as EnrolToken

export const setUpNetworks = (id: string, change: object) => request('POST', `/hosts/${id}/setupnetworks`, change)
