// The domain XML of a VM: what the agent reads in it (libvirt's elements and oVirt's metadata), and how NICs change it.
import { childOf, childrenOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import { type Document, type Element, XMLSerializer } from '@xmldom/xmldom'

const ovirtNamespace = 'http://ovirt.org/vm/1.0'

export interface DomainFacts {
  readonly vmId: string
  readonly name: string
  /** VM custom properties. */
  readonly custom: Readonly<Record<string, string>>
  /** The engine asks for a VM whose CPUs do not start by themselves. */
  readonly launchPaused: boolean
  readonly nics: readonly NicFacts[]
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
  const domain = rootOf(parseXml(xml), 'domain')
  const text = (name: string) => childOf(domain, name)?.textContent?.trim() ?? ''
  const vmId = text('uuid')
  if (!/^[0-9a-f-]{36}$/i.test(vmId)) throw new Error('the domain has no valid <uuid>')
  const metadata = vmMetadata(domain)
  return {
    vmId,
    name: text('name') || vmId,
    custom: propertiesOf(metadata && ovirtChild(metadata, 'custom')) ?? {},
    launchPaused: metadata !== undefined && ovirtChild(metadata, 'launchPaused')?.textContent === 'true',
    nics: interfacesOf(domain).map((element) => nicFacts(element, metadata)),
  }
}

/** The one NIC in the XML of VM.hotplugNic or VM.hotunplugNic, whatever its root element is called. */
export function readHotplug(xml: string): NicFacts {
  const root = parseXml(xml).documentElement
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

/** The domain with the metadata entry of one NIC replaced (by its MAC) or, without `properties`, removed. */
export function withNicMetadata(
  domainXml: string,
  mac: string,
  nic: { readonly network: string; readonly custom: Readonly<Record<string, string>> } | undefined,
): string {
  const document = parseXml(domainXml)
  const vm = ensureVmMetadata(document, rootOf(document, 'domain'))
  const old = deviceMetadata(vm, mac)
  if (old) vm.removeChild(old)
  if (nic) vm.appendChild(deviceElement(document, mac, nic))
  return new XMLSerializer().serializeToString(document)
}

function nicFacts(element: Element, metadata: Element | undefined): NicFacts {
  const mac = childOf(element, 'mac')?.getAttribute('address')?.toLowerCase() ?? ''
  const device = metadata && deviceMetadata(metadata, mac)
  const bridge = childOf(element, 'source')?.getAttribute('bridge') ?? ''
  return {
    mac,
    alias: childOf(element, 'alias')?.getAttribute('name') ?? '',
    xml: new XMLSerializer().serializeToString(element),
    network: (device && ovirtChild(device, 'network')?.textContent) || bridge,
    custom: device && propertiesOf(ovirtChild(device, 'custom')),
  }
}

function deviceElement(
  document: Document,
  mac: string,
  nic: { readonly network: string; readonly custom: Readonly<Record<string, string>> },
): Element {
  const element = (name: string, text?: string) => {
    const made = document.createElementNS(ovirtNamespace, `ovirt-vm:${name}`)
    if (text !== undefined) made.appendChild(document.createTextNode(text))
    return made
  }
  const device = element('device')
  device.setAttribute('mac_address', mac)
  device.appendChild(element('network', nic.network))
  const custom = element('custom')
  for (const [name, value] of Object.entries(nic.custom)) custom.appendChild(element(name, value))
  device.appendChild(custom)
  return device
}

const interfacesOf = (root: Element) => childrenOf(devicesOf(root)).filter(({ localName }) => localName === 'interface')

function devicesOf(root: Element): Element {
  const devices = childOf(root, 'devices')
  if (!devices) throw new Error('the XML has no <devices>')
  return devices
}

function rootOf(document: Document, name: string): Element {
  const root = document.documentElement
  if (root?.localName !== name) throw new Error(`a <${name}> element was expected`)
  return root
}

function vmMetadata(root: Element): Element | undefined {
  const metadata = childOf(root, 'metadata')
  // The engine's hot plug document carries <vm> without a namespace prefix.
  return metadata && childrenOf(metadata).find((child) => child.localName === 'vm')
}

function ensureVmMetadata(document: Document, domain: Element): Element {
  const found = vmMetadata(domain)
  if (found) return found
  const metadata = childOf(domain, 'metadata') ?? document.createElement('metadata')
  const vm = document.createElementNS(ovirtNamespace, 'ovirt-vm:vm')
  metadata.appendChild(vm)
  domain.appendChild(metadata)
  return vm
}

const deviceMetadata = (vm: Element, mac: string) =>
  childrenOf(vm).find(
    (child) => child.localName === 'device' && child.getAttribute('mac_address')?.toLowerCase() === mac,
  )

const ovirtChild = (parent: Element, name: string) => childrenOf(parent).find((child) => child.localName === name)

/** Children as name → text; the last of equal names wins, as in VDSM. */
function propertiesOf(custom: Element | undefined): Record<string, string> | undefined {
  return custom && Object.fromEntries(childrenOf(custom).map((child) => [child.localName, child.textContent ?? '']))
}
