// What a vNIC has besides: its counters, what its guest tells of it, and the parameters of its network filter.
import { choice, list, reference, resource, struct, text } from '../element.ts'

export const statisticType = resource('statistic', 'statistics', {
  name: text,
  description: text,
  kind: choice('counter', 'gauge'),
  type: choice('integer', 'decimal'),
  unit: choice('none', 'percent', 'bytes', 'seconds', 'bytes_per_second', 'bits_per_second', 'count_per_second'),
  values: list('value', struct({ datum: text })),
  /** Whose it is, in these three. */
  nic: reference,
  host_nic: reference,
  vm: reference,
})

export const reportedDeviceType = resource('reported_device', 'reported_devices', {
  name: text,
  description: text,
  type: choice('network'),
  mac: struct({ address: text }),
  ips: list('ip', struct({ address: text, version: choice('v4', 'v6') })),
  vm: reference,
})

export const networkFilterParameterType = resource('network_filter_parameter', 'network_filter_parameters', {
  name: text,
  value: text,
  nic: reference,
})
