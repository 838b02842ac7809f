// What a VM has beside its NICs: disks, memory, CPUs and graphics in domain XML, as an engine sends them and as they have
// become real.
import { childOf, childrenOf, parseXml } from '@patchbay/vif-driver/interface-xml.ts'
import { type Document, type Element, XMLSerializer } from '@xmldom/xmldom'
import {
  deviceMetadata,
  devicesNamed,
  devicesOf,
  ensureVmMetadata,
  ovirtChild,
  parsedDocument,
  propertiesOf,
  rootOf,
  vmMetadata,
} from './domain-document.ts'

export interface DeviceFacts {
  /** The element alone. */
  readonly xml: string
  readonly alias: string
  /** Of a disk: `vda`. Its metadata are found by it. */
  readonly target: string
  readonly custom: Readonly<Record<string, string>>
  /** The `<device>` element of a disk in oVirt's metadata, where there is one. */
  readonly metadata: string | undefined
}

/** The one device of this kind in the XML of a hot plug or unplug, whatever its root element is called. */
export function readDevice(xml: string, kind: 'disk' | 'memory'): DeviceFacts {
  const root = parsedDocument(xml).documentElement
  const devices = root ? childrenOf(devicesOf(root)) : []
  if (!root || devices.length !== 1 || devices[0]!.localName !== kind)
    throw new Error(`exactly one <${kind}> below <devices> was expected`)
  return deviceFacts(devices[0]!, vmMetadata(root))
}

/** A disk of the domain that is called so: by its alias, or else by its target. */
export function findDisk(domainXml: string, { alias, target }: Pick<DeviceFacts, 'alias' | 'target'>) {
  const domain = rootOf(parseXml(domainXml), 'domain')
  const disks = devicesNamed(domain, 'disk').map((element) => deviceFacts(element, vmMetadata(domain)))
  return disks.find((disk) => (alias === '' ? disk.target === target && target !== '' : disk.alias === alias))
}

/** The first `<graphics>`, or the first of a type, such as vnc. */
export function findGraphics(domainXml: string, type?: string): string | undefined {
  const all = devicesNamed(rootOf(parseXml(domainXml), 'domain'), 'graphics')
  const found = all.find((element) => type === undefined || element.getAttribute('type') === type)
  return found && new XMLSerializer().serializeToString(found)
}

export interface Ticket {
  readonly password: string
  /** undefined: for ever. */
  readonly validUntil?: Date | undefined
  /** What becomes of who is connected. SPICE alone has it. */
  readonly connected?: string | undefined
}

export function withTicket(graphicsXml: string, { password, validUntil, connected }: Ticket): string {
  const element = parseXml(graphicsXml).documentElement!
  element.setAttribute('passwd', password)
  if (validUntil) element.setAttribute('passwdValidTo', validUntil.toISOString().slice(0, -5))
  if (connected && element.getAttribute('type') === 'spice') element.setAttribute('connected', connected)
  return new XMLSerializer().serializeToString(element)
}

/** The `<memory>` device of VDSM's older parameters. */
export const memoryDevice = (sizeMiB: number, node: number) =>
  `<memory model="dimm"><target><size unit="KiB">${sizeMiB * 1024}</size><node>${node}</node></target></memory>`

/** The domain with disks, memory and CPUs as `realXml` has them, the same domain as it runs. */
export function withHardwareOf(domainXml: string, realXml: string): string {
  const document = parseXml(domainXml)
  const domain = rootOf(document, 'domain')
  const real = rootOf(parseXml(realXml), 'domain')
  for (const name of ['maxMemory', 'memory', 'currentMemory', 'vcpu']) {
    const [before, now] = [childOf(domain, name), childOf(real, name)]
    if (before) domain.removeChild(before)
    if (now) domain.insertBefore(document.importNode(now, true), devicesOf(domain))
  }
  for (const name of ['disk', 'memory']) {
    for (const element of devicesNamed(domain, name)) devicesOf(domain).removeChild(element)
    for (const element of devicesNamed(real, name)) devicesOf(domain).appendChild(document.importNode(element, true))
  }
  return new XMLSerializer().serializeToString(document)
}

/** The domain with the metadata entry of one disk replaced or, without `metadata`, removed. */
export function withDiskMetadata(domainXml: string, target: string, metadata: string | undefined): string {
  const document = parseXml(domainXml)
  const domain = rootOf(document, 'domain')
  const vm = metadata === undefined ? vmMetadata(domain) : ensureVmMetadata(document, domain)
  const old = vm && deviceMetadata(vm, 'disk', target)
  if (old) vm.removeChild(old)
  if (metadata !== undefined) vm!.appendChild(imported(document, metadata))
  return new XMLSerializer().serializeToString(document)
}

function deviceFacts(element: Element, metadata: Element | undefined): DeviceFacts {
  const target = childOf(element, 'target')?.getAttribute('dev') ?? ''
  const device = metadata && deviceMetadata(metadata, 'disk', target)
  return {
    xml: new XMLSerializer().serializeToString(element),
    alias: childOf(element, 'alias')?.getAttribute('name') ?? '',
    target,
    custom: (device && propertiesOf(ovirtChild(device, 'custom'))) ?? {},
    metadata: device && new XMLSerializer().serializeToString(device),
  }
}

const imported = (document: Document, xml: string) => document.importNode(parseXml(xml).documentElement!, true)
