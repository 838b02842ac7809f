// The rates of the last minutes, of a vNIC and of all vNICs of a network. Ours: oVirt's statistics tell only those of now.
import { apiPath } from '@patchbay/ovirt-api/api-path.ts'
import { toJson } from '@patchbay/ovirt-api/json.ts'
import { trafficType } from '@patchbay/ovirt-api/types/traffic.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { trafficOf } from '../../services/nics/nic-traffic.ts'
import { Answer } from '../http/formats.ts'
import { paramsOf } from '../http/resource-routes.ts'

interface Counted {
  readonly vmId: string
  readonly mac: string
}

export function registerTraffic(
  app: FastifyInstance,
  { parts, networks, nics }: Pick<Context, 'parts' | 'networks' | 'nics'>,
): void {
  const answer = (id: string, path: string, counted: readonly Counted[]) => {
    const histories = counted.map(({ vmId, mac }) => parts.traffic.of(vmId, mac))
    const points = trafficOf(histories, Date.now()).map(({ time, rx, tx }) => ({
      time: new Date(time).toISOString(),
      ...(rx !== undefined && { rx: Math.round(rx) }),
      ...(tx !== undefined && { tx: Math.round(tx) }),
    }))
    return new Answer('traffic', toJson(trafficType, { id, points }, { href: apiPath + path }))
  }
  app.get(`${apiPath}/vms/:vm/nics/:id/traffic`, async (request) => {
    const { vm, id } = paramsOf(request)
    return answer(id!, `/vms/${vm}/nics/${id}/traffic`, [await nics.get(vm!, id!)])
  })
  app.get(`${apiPath}/networks/:id/traffic`, async (request) => {
    const { id } = await networks.get(paramsOf(request).id!)
    return answer(id, `/networks/${id}/traffic`, await parts.store.nicPaths.counting(id))
  })
}
