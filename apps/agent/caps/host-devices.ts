// Host.hostdevListByCaps: the devices of the host in VDSM's shape, with the names that libvirt gives them, read from the
// kernel. Hook scripts add to them and hide some.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { HookRunner } from '../hooks/hook-runner.ts'

export type HostDevices = Record<string, { readonly params: HostDevice }>

/** Numbers are texts, as in libvirt's XML, but for `totalvfs`. */
export interface HostDevice {
  readonly capability: string
  /** Whether a VM could have it as a whole. */
  readonly is_assignable: 'true' | 'false'
  /** The nearest device above it that is in the list. */
  readonly parent?: string
  readonly [more: string]: unknown
}

interface Found {
  readonly name: string
  /** Where the kernel has it, without links. */
  readonly path: string
  readonly params: HostDevice
}

/** Of these capabilities (`pci`, `usb_device`, `scsi`, `net`, `system`) or, where none is named, of all. */
export async function hostDevices(hooks: HookRunner, capabilities: readonly string[]): Promise<unknown> {
  const chosen = Object.entries(readDevices('/sys')).filter(
    ([, { params }]) => capabilities.length === 0 || capabilities.includes(params.capability),
  )
  return hooks.runJson('after_hostdev_list_by_caps', Object.fromEntries(chosen))
}

/** `sys`: where sysfs is mounted. */
export function readDevices(sys: string): HostDevices {
  const found = [
    ...devicesIn(join(sys, 'bus/pci/devices'), pciDevice),
    ...devicesIn(join(sys, 'bus/usb/devices'), usbDevice),
    ...devicesIn(join(sys, 'bus/scsi/devices'), scsiDevice),
    ...devicesIn(join(sys, 'class/net'), netDevice),
  ]
  const names = new Map(found.map(({ path, name }) => [path, name]))
  return {
    computer: { params: { capability: 'system', is_assignable: 'true' } },
    ...Object.fromEntries(
      found.map(({ name, path, params }) => [name, { params: { ...params, parent: parentOf(path, names) } }]),
    ),
  }
}

/** A device may go while it is read: then it is gone. */
function devicesIn(dir: string, describe: (path: string) => Omit<Found, 'path'> | undefined): Found[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap((entry) => {
    try {
      const path = realpathSync(join(dir, entry))
      const described = describe(path)
      return described ? { ...described, path } : []
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  })
}

function parentOf(path: string, names: ReadonlyMap<string, string>): string {
  const above = dirname(path)
  if (above === path) return 'computer'
  return names.get(above) ?? parentOf(above, names)
}

/** Bridges and the like cannot be given away: their header is of another type. */
function pciDevice(path: string) {
  const address = basename(path)
  const [domain, bus, slot, func] = address.split(/[:.]/).map((part) => `${Number.parseInt(part, 16)}`)
  const totalvfs = text(path, 'sriov_totalvfs')
  return {
    name: pciName(address),
    params: {
      capability: 'pci',
      is_assignable: headerType(path) === 0 ? 'true' : 'false',
      address: { domain, bus, slot, function: func },
      ...defined({
        vendor_id: text(path, 'vendor'),
        product_id: text(path, 'device'),
        driver: linked(path, 'driver'),
        iommu_group: linked(path, 'iommu_group'),
        numa_node: atLeastZero(text(path, 'numa_node')),
        physfn: pciName(linked(path, 'physfn')),
        totalvfs: totalvfs && Number(totalvfs),
      }),
    },
  } as const
}

/** Interfaces of a device, such as `1-2:1.0`, are none. */
function usbDevice(path: string) {
  const [bus, device] = [text(path, 'busnum'), text(path, 'devnum')]
  if (bus === undefined || device === undefined) return undefined
  const id = (name: string) => text(path, name) && `0x${text(path, name)}`
  return {
    name: `usb_${basename(path).replaceAll(/[.-]/g, '_')}`,
    params: {
      capability: 'usb_device',
      is_assignable: 'true',
      address: { bus, device },
      ...defined({
        vendor_id: id('idVendor'),
        product_id: id('idProduct'),
        vendor: text(path, 'manufacturer'),
        product: text(path, 'product'),
        driver: linked(path, 'driver'),
      }),
    },
  } as const
}

function scsiDevice(path: string) {
  const parts = basename(path).split(':')
  if (parts.length !== 4) return undefined
  const [host, bus, target, lun] = parts
  const device = (kind: string) => deviceFile(join(path, kind))
  return {
    name: `scsi_${parts.join('_')}`,
    params: {
      capability: 'scsi',
      is_assignable: 'true',
      address: { host, bus, target, lun },
      ...defined({
        vendor: text(path, 'vendor'),
        product: text(path, 'model'),
        driver: linked(path, 'driver'),
        udev_path: device('scsi_generic'),
        block_path: device('block'),
      }),
    },
  } as const
}

/** Bridges, tunnels and taps are no devices. */
function netDevice(path: string) {
  if (!existsSync(join(path, 'device'))) return undefined
  const [name, mac] = [basename(path), text(path, 'address') ?? '']
  return {
    name: `net_${name}_${mac.replaceAll(':', '_')}`,
    params: { capability: 'net', is_assignable: 'true', interface: name },
  } as const
}

const pciName = <Address extends string | undefined>(address: Address) =>
  (address && `pci_${address.replaceAll(/[:.]/g, '_')}`) as Address

/** The low seven bits of byte 14 of its configuration. PCI Local Bus Specification, 6.1. */
function headerType(path: string): number | undefined {
  const byte = readFileSync(join(path, 'config'))[14]
  return byte === undefined ? undefined : byte & 0x7f
}

/** undefined where the kernel has no such file, or nothing to say in it. */
function text(path: string, name: string): string | undefined {
  const file = join(path, name)
  return (existsSync(file) && readFileSync(file, 'utf8').trim()) || undefined
}

function linked(path: string, name: string): string | undefined {
  const link = join(path, name)
  return existsSync(link) ? basename(realpathSync(link)) : undefined
}

function deviceFile(dir: string): string | undefined {
  const [name] = existsSync(dir) ? readdirSync(dir) : []
  return name && `/dev/${name}`
}

const atLeastZero = (number: string | undefined) => (Number(number) >= 0 ? number : undefined)

const defined = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
