// The domain XML of a VM: what the agent reads in it (libvirt's elements and oVirt's metadata), and how NICs change it.
import { childOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import { type Document, type Element, XMLSerializer } from '@xmldom/xmldom'
import { diskImages, type TargetedImage } from './disk-images.ts'
import {
  devicesNamed,
  devicesOf,
  ensureVmMetadata,
  ovirtChild,
  ovirtChildren,
  ovirtNamespace,
  parsedDocument,
  propertiesOf,
  rootOf,
  vmMetadata,
} from './domain-document.ts'
import { type PropertyDevice, propertyDevices } from './property-devices.ts'

export interface DomainFacts {
  readonly vmId: string
  readonly name: string
  /** VM custom properties. */
  readonly custom: Readonly<Record<string, string>>
  /** The engine asks for a VM whose CPUs do not start by themselves. */
  readonly launchPaused: boolean
  readonly nics: readonly NicFacts[]
  /** Volumes of VDSM's storage. */
  readonly images: readonly TargetedImage[]
  /** With custom properties, beside NICs. */
  readonly devices: readonly PropertyDevice[]
}

export interface NicFacts {
  /** Lower case; metadata and counters are matched by it. */
  readonly mac: string
  readonly alias: string
  /** The `<interface>` element alone. */
  readonly xml: string
  /** The engine's name of the network: in the metadata, else the bridge that the element names. */
  readonly network: string
  /** Custom properties; undefined where the metadata has no `<custom>` at all: then no device hooks run. */
  readonly custom: Readonly<Record<string, string>> | undefined
}

/** A `<domain>` from VM.create or a migration. Throws a plain Error that says what is wrong. */
export function readDomain(xml: string): DomainFacts {
  const domain = rootOf(parsedDocument(xml), 'domain')
  const text = (name: string) => childOf(domain, name)?.textContent?.trim() ?? ''
  const vmId = text('uuid')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(vmId)) throw new Error('the domain has no valid <uuid>')
  const metadata = vmMetadata(domain)
  return {
    vmId,
    name: text('name') || vmId,
    custom: propertiesOf(metadata && ovirtChild(metadata, 'custom')) ?? {},
    launchPaused: isTrue(metadata && ovirtChild(metadata, 'launchPaused')?.textContent),
    nics: distinct(interfacesOf(domain).map((element) => nicFacts(element, metadata))),
    images: diskImages(domain),
    devices: propertyDevices(domain),
  }
}

/** The one NIC in the XML of VM.hotplugNic or VM.hotunplugNic, whatever its root element is called. */
export function readHotplug(xml: string): NicFacts {
  const root = parsedDocument(xml).documentElement
  const interfaces = root ? interfacesOf(root) : []
  if (!root || interfaces.length !== 1) throw new Error('exactly one <interface> below <devices> was expected')
  return nicFacts(interfaces[0]!, vmMetadata(root))
}

/** The domain with its interfaces replaced by these, which stand at the end of `<devices>` as VDSM leaves them. */
export function withInterfaces(domainXml: string, interfaces: readonly string[]): string {
  const document = parseXml(domainXml)
  const domain = rootOf(document, 'domain')
  const devices = devicesOf(domain)
  for (const element of interfacesOf(domain)) devices.removeChild(element)
  for (const xml of interfaces) devices.appendChild(document.importNode(parseXml(xml).documentElement!, true))
  return new XMLSerializer().serializeToString(document)
}

export type NicMetadata = Pick<NicFacts, 'alias' | 'network' | 'custom'>

/** The domain with the metadata entry of one NIC replaced (by its MAC) or, without `nic`, removed. */
export const withNicMetadata = (domainXml: string, mac: string, nic: NicMetadata | undefined): string =>
  withNicsMetadata(domainXml, [[mac, nic]])

/** The same for several at once: parsing a domain is most of the work. */
export function withNicsMetadata(
  domainXml: string,
  nics: readonly (readonly [mac: string, nic: NicMetadata | undefined])[],
): string {
  const document = parseXml(domainXml)
  const domain = rootOf(document, 'domain')
  for (const [mac, nic] of nics) {
    const vm = nic ? ensureVmMetadata(document, domain) : vmMetadata(domain)
    const old = vm && nicMetadata(vm, mac)
    if (old) vm.removeChild(old)
    if (nic) vm!.appendChild(deviceElement(document, mac, nic))
  }
  return new XMLSerializer().serializeToString(document)
}

function nicFacts(element: Element, metadata: Element | undefined): NicFacts {
  const mac = childOf(element, 'mac')?.getAttribute('address')?.toLowerCase() ?? ''
  const device = metadata && nicMetadata(metadata, mac)
  const bridge = childOf(element, 'source')?.getAttribute('bridge') ?? ''
  return {
    mac,
    alias: childOf(element, 'alias')?.getAttribute('name') ?? '',
    xml: new XMLSerializer().serializeToString(element),
    network: (device && ovirtChild(device, 'network')?.textContent) || bridge,
    custom: withQueues(device && propertiesOf(ovirtChild(device, 'custom')), element),
  }
}

/** VDSM's scripts find the queues of the driver among the properties. */
function withQueues(custom: NicFacts['custom'], element: Element): NicFacts['custom'] {
  const queues = childOf(element, 'driver')?.getAttribute('queues')
  return custom && queues ? { ...custom, queues } : custom
}

/** As VDSM writes it back: with the network's name, which the interface no longer has, and without an empty custom. */
function deviceElement(document: Document, mac: string, { alias, network, custom = {} }: NicMetadata): Element {
  const element = (name: string, text?: string) => {
    const made = document.createElementNS(ovirtNamespace, `ovirt-vm:${name}`)
    if (text !== undefined) made.appendChild(document.createTextNode(text))
    return made
  }
  const device = element('device')
  if (alias !== '') device.setAttribute('alias', alias)
  device.setAttribute('mac_address', mac)
  device.appendChild(element('network', network))
  const properties = Object.entries(custom)
  if (properties.length === 0) return device
  const parent = device.appendChild(element('custom'))
  for (const [name, value] of properties) parent.appendChild(element(name, value))
  return device
}

/** NICs are told apart by their MACs. */
function distinct(nics: readonly NicFacts[]): readonly NicFacts[] {
  const twice = nics.find(({ mac }, index) => nics.findIndex((other) => other.mac === mac) < index)
  if (twice) throw new Error(`two interfaces have the MAC address "${twice.mac}"`)
  return nics
}

const interfacesOf = (root: Element) => devicesNamed(root, 'interface')

const nicMetadata = (vm: Element, mac: string) =>
  ovirtChildren(vm, 'device').find((child) => child.getAttribute('mac_address')?.toLowerCase() === mac)

/** VDSM's way of reading a boolean: "true" in any case, or a number other than 0. */
function isTrue(text: string | null | undefined): boolean {
  return /^\s*(true|[+-]?0*[1-9]\d*)\s*$/i.test(text ?? '')
}
