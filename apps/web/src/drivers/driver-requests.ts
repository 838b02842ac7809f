// What the pages of drivers ask the engine to do.
import { octets, request } from '../engine/request.ts'

export const packagesPath = '/driverpackages'

/** The kinds of resources that change with a driver. */
export const driverKinds = ['driver_package', 'driver_deployment', 'openstack_network_provider', 'host', 'event', 'job']

export const uploadPackage = (file: Blob) => octets(packagesPath, file)

export const attachPackage = (provider: string, id: string, options: readonly Option[]) =>
  request('POST', `${provider}${packagesPath}`, { id, properties: { property: options } })

export const deployOn = (hostId: string) => request('POST', `/hosts/${hostId}/deploydrivers`, {})

export interface Option {
  readonly name: string
  readonly value: string
}

/** `name=value` on each line; undefined when one is something else. */
export function optionsIn(lines: string): readonly Option[] | undefined {
  const found = lines.split('\n').filter((line) => line.trim() !== '')
  const options = found.map((line) => /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line))
  if (options.some((each) => each === null)) return undefined
  return options.map((each) => ({ name: each![1]!, value: each![2]! }))
}

export const optionLines = (options: readonly Partial<Option>[]): string =>
  options.map(({ name = '', value = '' }) => `${name}=${value}`).join('\n')
