// The document of a domain, or of a device of one: parsed within bounds, and where in it things are.
import { childOf, childrenOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import type { Document, Element } from '@xmldom/xmldom'

export const ovirtNamespace = 'http://ovirt.org/vm/1.0'

/** A domain with a hundred NICs has some 100 kB. */
const maxLength = 1_048_576

/** A domain has some ten levels. */
const maxDepth = 256

/** What others wrote, without a document type: entities and external files have no place in a domain. */
export function parsedDocument(xml: string): Document {
  if (xml.length > maxLength) throw new Error(`the XML is longer than ${maxLength} characters`)
  if (/<!DOCTYPE/i.test(xml)) throw new Error('the XML has a document type declaration, which is not accepted')
  if (isDeeper(xml, maxDepth)) throw new Error(`the XML has elements nested more than ${maxDepth} deep`)
  return parseXml(xml)
}

/** By a look at the tags alone: the parser would take seconds and much memory to find out. */
function isDeeper(xml: string, limit: number): boolean {
  let depth = 0
  for (const [tag] of xml.matchAll(/<[^/!?]|<\/|\/>/g)) {
    depth = Math.max(depth + (tag === '</' || tag === '/>' ? -1 : 1), 0)
    if (depth > limit) return true
  }
  return false
}

export function devicesOf(root: Element): Element {
  const devices = childOf(root, 'devices')
  if (!devices) throw new Error('the XML has no <devices>')
  return devices
}

/** Those of a kind: interface, disk … */
export const devicesNamed = (root: Element, kind: string) =>
  childrenOf(devicesOf(root)).filter(({ localName }) => localName === kind)

export function rootOf(document: Document, name: string): Element {
  const root = document.documentElement
  if (root?.localName !== name) throw new Error(`a <${name}> element was expected`)
  return root
}

export function vmMetadata(root: Element): Element | undefined {
  const metadata = childOf(root, 'metadata')
  return metadata && ovirtChild(metadata, 'vm')
}

export function ensureVmMetadata(document: Document, domain: Element): Element {
  const found = vmMetadata(domain)
  if (found) return found
  const metadata = childOf(domain, 'metadata') ?? document.createElement('metadata')
  domain.appendChild(metadata)
  const vm = document.createElementNS(ovirtNamespace, 'ovirt-vm:vm')
  metadata.appendChild(vm)
  return vm
}

/** oVirt's entry of a device that is no interface: of a disk by its target, of others by what VDSM names them by. */
export const deviceMetadata = (vm: Element, kind: string, name: string, attribute: 'name' | 'uuid' = 'name') =>
  ovirtChildren(vm, 'device').find(
    (device) => device.getAttribute('devtype') === kind && device.getAttribute(attribute) === name,
  )

export const ovirtChild = (parent: Element, name: string) => ovirtChildren(parent, name)[0]

/** By namespace, whatever its prefix; a hot plug document may do without one. */
export function ovirtChildren(parent: Element, name: string): Element[] {
  const named = childrenOf(parent).filter(({ localName }) => localName === name)
  const ours = named.filter(({ namespaceURI }) => namespaceURI === ovirtNamespace)
  return ours.length > 0 ? ours : named.filter(({ namespaceURI }) => !namespaceURI)
}

/** Children as name → text; the last of equal names wins, as in VDSM. */
export function propertiesOf(custom: Element | undefined): Record<string, string> | undefined {
  return custom && Object.fromEntries(childrenOf(custom).map((child) => [child.localName, child.textContent ?? '']))
}
