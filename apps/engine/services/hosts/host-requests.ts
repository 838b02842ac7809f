// What requests say about a host: the row of a new one, and of one that is changed.
import type { ResourceOf } from '@patchbay/ovirt-api/element.ts'
import type { hostType } from '@patchbay/ovirt-api/types/infrastructure.ts'
import { Fault } from '../../faults.ts'
import type { Host } from '../../store/entities/infrastructure.ts'
import { checkedName, checkedText } from '../names.ts'

export type HostRequest = ResourceOf<typeof hostType>

const vdsmPort = 54_321

export function newHost({
  name,
  comment = '',
  address = '',
  port = vdsmPort,
}: HostRequest): Omit<Host, 'id' | 'clusterId'> {
  if (address === '') throw new Fault('INCOMPLETE_PARAMETERS', { what: 'Host [address]', action: 'add' })
  return {
    name: checkedName(name, 'Host'),
    comment: checkedText(comment, 'The comment'),
    address,
    port: checkedPort(port),
    status: 'connecting',
    statusDetail: '',
    duty: 'active',
    reinstallationRequired: false,
  }
}

/** What the request leaves out stays as it is. */
export function changedHost(before: Host, request: HostRequest, clusterId = before.clusterId): Host {
  const after: Host = {
    ...before,
    name: checkedName(request.name ?? before.name, 'Host'),
    comment: checkedText(request.comment ?? before.comment, 'The comment'),
    address: request.address || before.address,
    port: checkedPort(request.port ?? before.port),
    clusterId,
  }
  const place = (host: Host) => [host.address, host.port, host.clusterId].join()
  if (before.duty !== 'maintenance' && place(after) !== place(before))
    throw new Fault('VDS_STATUS_NOT_VALID_FOR_UPDATE', { action: 'update Host', host: before.name })
  return after
}

function checkedPort(port: number): number {
  if (port < 1 || port > 65_535) throw new Fault('INVALID_VALUE', { reason: `${port} is not a TCP port.` })
  return port
}
