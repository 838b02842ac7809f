// The statistics of a VM. Below a vNIC: its statistics, what its guest reports of it, and the parameters of its network filter.
import { networkFilterParameterType, reportedDeviceType, statisticType } from '@patchbay/ovirt-api/types/nic-details.ts'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { ReportedDevice, Statistic } from '../../services/nics/nic-statistics.ts'
import { type VmStatistic, vmStatistics } from '../../services/vms/vm-statistics.ts'
import type { FilterParameter } from '../../store/entities/vms.ts'
import { one } from '../http/one.ts'
import { type Params, registerResource } from '../http/resource-routes.ts'

const below = (what: string) => `/vms/:vm/nics/:nic/${what}`

export function registerNicDetails(
  app: FastifyInstance,
  {
    parts,
    nics,
    nicStatistics,
    filterParameters,
  }: Pick<Context, 'parts' | 'nics' | 'nicStatistics' | 'filterParameters'>,
): void {
  const nicOf = ({ vm, nic }: Params) => nics.get(vm!, nic!)
  registerResource(app, {
    type: statisticType,
    path: below('statistics'),
    present: (value: Statistic) => ({ value }),
    list: async (params) => nicStatistics.statistics(await nicOf(params)),
    get: async (params) => one(await nicStatistics.statistics(await nicOf(params)), 'Statistic', params.id!),
  })
  registerResource(app, {
    type: statisticType,
    path: '/vms/:vm/statistics',
    present: (value: VmStatistic) => ({ value }),
    list: ({ vm }) => vmStatistics(parts, vm!),
    get: async ({ vm, id }) => one(await vmStatistics(parts, vm!), 'Statistic', id!),
  })
  registerResource(app, {
    type: reportedDeviceType,
    path: below('reporteddevices'),
    present: ({ name, mac, ips, vmId }: ReportedDevice) => ({
      value: {
        name,
        description: 'guest reported data',
        type: 'network',
        mac: { address: mac },
        ips,
        vm: { id: vmId },
      },
    }),
    list: async (params) => nicStatistics.reportedDevices(await nicOf(params)),
    get: async (params) => one(await nicStatistics.reportedDevices(await nicOf(params)), 'Reported device', params.id!),
  })
  registerResource(app, {
    type: networkFilterParameterType,
    path: below('networkfilterparameters'),
    present: ({ name, value }: FilterParameter, href) => ({
      value: { name, value, nic: { id: href.split('/').at(-3)! } },
    }),
    list: async (params) => [...(await nicOf(params)).filterParameters],
    get: async (params) => filterParameters.get(await nicOf(params), params.id!),
    add: async (request, params) => filterParameters.add(await nicOf(params), request),
    edit: async (request, params) => filterParameters.edit(await nicOf(params), params.id!, request),
    remove: async (params) => filterParameters.remove(await nicOf(params), params.id!),
  })
}
