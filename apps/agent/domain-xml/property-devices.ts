// Host devices and leases with custom properties: beside NICs, what hook scripts are asked about before a VM starts.
import { childOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import { type Element, XMLSerializer } from '@xmldom/xmldom'
import {
  deviceMetadata,
  devicesNamed,
  devicesOf,
  ovirtChild,
  propertiesOf,
  rootOf,
  vmMetadata,
} from './domain-document.ts'

export interface PropertyDevice {
  /** The element alone. */
  readonly xml: string
  readonly custom: Readonly<Record<string, string>>
}

/** In the order of the domain, leases last. */
export function propertyDevices(domain: Element): PropertyDevice[] {
  return devicesWithProperties(domain).map(({ element, custom }) => ({
    xml: new XMLSerializer().serializeToString(element),
    custom,
  }))
}

/** The domain with these in the place of all that `propertyDevices` finds, at the end of `<devices>` as VDSM leaves them. */
export function withPropertyDevices(domainXml: string, elements: readonly string[]): string {
  const document = parseXml(domainXml)
  const domain = rootOf(document, 'domain')
  for (const { element } of devicesWithProperties(domain)) devicesOf(domain).removeChild(element)
  for (const xml of elements) devicesOf(domain).appendChild(document.importNode(parseXml(xml).documentElement!, true))
  return new XMLSerializer().serializeToString(document)
}

function devicesWithProperties(domain: Element) {
  const vm = vmMetadata(domain)
  return [...devicesNamed(domain, 'hostdev'), ...devicesNamed(domain, 'lease')].flatMap((element) => {
    const metadata = vm && metadataOf(vm, element)
    const custom = metadata && propertiesOf(ovirtChild(metadata, 'custom'))
    return custom ? { element, custom } : []
  })
}

/** VDSM knows a lease by its key, a mediated device by its address and another one by its alias. */
function metadataOf(vm: Element, element: Element): Element | undefined {
  if (element.localName === 'lease') return deviceMetadata(vm, 'lease', childOf(element, 'key')?.textContent ?? '')
  if (element.getAttribute('type') !== 'mdev')
    return deviceMetadata(vm, 'hostdev', childOf(element, 'alias')?.getAttribute('name') ?? '')
  const source = childOf(element, 'source')
  const address = source && childOf(source, 'address')
  return deviceMetadata(vm, 'hostdev', address?.getAttribute('uuid') ?? '', 'uuid')
}
