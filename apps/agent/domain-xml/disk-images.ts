// Disks of a domain that are volumes of VDSM's storage, as VDSM describes them to hook scripts, and what these make of them.
import { childOf, childrenOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import { type Element, XMLSerializer } from '@xmldom/xmldom'
import { deviceMetadata, devicesNamed, rootOf, vmMetadata } from './domain-document.ts'

/** VDSM's dictionary. Scripts may change `path`, `format` (raw or cow) and `diskType` (file or block). */
export type DiskImage = Readonly<Record<string, unknown>>

/** What makes a disk one. */
const ids = ['domainID', 'imageID', 'poolID', 'volumeID']
const moreIds = ['GUID', 'shared']
const sourceAttributes = { file: 'file', block: 'dev' } as const

export interface TargetedImage {
  /** The disk's name in the domain, such as vda. */
  readonly target: string
  readonly image: DiskImage
}

/** In the order of the domain. */
export function diskImages(domain: Element): TargetedImage[] {
  const metadata = vmMetadata(domain)
  return devicesNamed(domain, 'disk').flatMap((disk) => {
    const target = attribute(disk, 'target', 'dev')
    const device = metadata && target && deviceMetadata(metadata, 'disk', target)
    if (!device) return []
    const values = new Map(childrenOf(device).map((child) => [child.localName!, child.textContent ?? '']))
    return ids.every((id) => values.has(id)) ? { target, image: describe(disk, values) } : []
  })
}

/** The domain with a disk's data where `image` says. Throws a plain Error for what no disk can be. */
export function withDiskImage(domainXml: string, target: string, image: DiskImage): string {
  const document = parseXml(domainXml)
  const disks = devicesNamed(rootOf(document, 'domain'), 'disk')
  const disk = disks.find((each) => attribute(each, 'target', 'dev') === target)!
  const { path, format, diskType } = image
  if (path === attribute(disk, 'source', sourceAttribute(disk)) && isAs(disk, image)) return domainXml
  if (typeof path !== 'string' || (diskType !== 'file' && diskType !== 'block'))
    throw new Error(`disk ${target} needs a path, and file or block as its diskType`)
  disk.setAttribute('type', diskType)
  const source = ensured(disk, 'source')
  for (const name of Object.values(sourceAttributes)) source.removeAttribute(name)
  source.setAttribute(sourceAttributes[diskType], path)
  ensured(disk, 'driver').setAttribute('type', format === 'cow' ? 'qcow2' : 'raw')
  return new XMLSerializer().serializeToString(document)
}

function describe(disk: Element, values: ReadonlyMap<string, string>): DiskImage {
  const optional = {
    alias: attribute(disk, 'alias', 'name'),
    iface: attribute(disk, 'target', 'bus'),
    cache: attribute(disk, 'driver', 'cache'),
    bootOrder: attribute(disk, 'boot', 'order'),
    serial: childOf(disk, 'serial')?.textContent ?? undefined,
    readonly: childOf(disk, 'readonly') && true,
  }
  return {
    type: 'disk',
    device: disk.getAttribute('device') || 'disk',
    diskType: typeOf(disk),
    name: attribute(disk, 'target', 'dev'),
    path: attribute(disk, 'source', sourceAttribute(disk)) ?? '',
    format: formatOf(disk),
    discard: attribute(disk, 'driver', 'discard') === 'unmap',
    propagateErrors: errorPolicies[attribute(disk, 'driver', 'error_policy') ?? ''] ?? 'off',
    specParams: {},
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries([...values].filter(([name]) => ids.includes(name) || moreIds.includes(name))),
  }
}

/** libvirt's words in VDSM's. */
const errorPolicies: Readonly<Record<string, string>> = { report: 'report', enospace: 'on' }

const isAs = (disk: Element, { diskType, format }: DiskImage) => diskType === typeOf(disk) && format === formatOf(disk)

const typeOf = (disk: Element) => disk.getAttribute('type') || 'file'
const formatOf = (disk: Element) => (attribute(disk, 'driver', 'type') === 'qcow2' ? 'cow' : 'raw')

/** A disk on the network has a name instead. */
const sourceAttribute = (disk: Element) =>
  (sourceAttributes as Readonly<Record<string, string>>)[typeOf(disk)] ?? 'name'

const attribute = (element: Element, child: string, name: string) =>
  childOf(element, child)?.getAttribute(name) ?? undefined

function ensured(parent: Element, name: string): Element {
  const found = childOf(parent, name)
  if (found) return found
  const made = parent.ownerDocument!.createElement(name)
  parent.appendChild(made)
  return made
}
