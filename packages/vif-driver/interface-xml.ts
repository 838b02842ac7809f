// libvirt's `<interface>` element: what a driver reads in it, and the few edits that connect it elsewhere.
import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom'

export interface InterfaceFacts {
  /** libvirt's attachment type: bridge, network, direct … */
  readonly type: string
  /** Lower case. */
  readonly mac: string | undefined
  readonly sourceBridge: string | undefined
  /** Name of the host's end. */
  readonly targetDev: string | undefined
  readonly alias: string | undefined
  readonly model: string | undefined
  readonly mtu: number | undefined
  readonly linkUp: boolean
  /** It may exchange frames only with ports of the bridge that are not isolated. */
  readonly isIsolated: boolean
  /** What Open vSwitch is to know the interface by; undefined for one that is not its port. */
  readonly openvswitchInterfaceId: string | undefined
  /** Whether the guest may leave checksums to whoever takes its frames. */
  readonly checksumOffload: boolean
}

export interface InterfaceEdits {
  readonly sourceBridge?: string
  readonly targetDev?: string
  readonly mtu?: number
  readonly alias?: string
  readonly linkUp?: boolean
  /** Binds the interface to this id in Open vSwitch. */
  readonly openvswitchInterfaceId?: string
  /** The guest is to put the checksum into each frame, and to cut it to the MTU: its network does neither. */
  readonly checksumOffload?: false
}

/** VDSM's name for "not connected to anything". */
export const unconnected = ';vdsmdummy;'

/** Throws a plain Error when `xml` is not one well-formed interface element. */
export function readInterface(xml: string): InterfaceFacts {
  const element = parse(xml)
  const attribute = (child: string, name: string) => childOf(element, child)?.getAttribute(name) ?? undefined
  const mtu = attribute('mtu', 'size')
  return {
    type: element.getAttribute('type') ?? '',
    mac: attribute('mac', 'address')?.toLowerCase(),
    sourceBridge: attribute('source', 'bridge'),
    targetDev: attribute('target', 'dev'),
    alias: attribute('alias', 'name'),
    model: attribute('model', 'type'),
    mtu: mtu === undefined ? undefined : Number(mtu),
    linkUp: attribute('link', 'state') !== 'down',
    isIsolated: attribute('port', 'isolated') === 'yes',
    openvswitchInterfaceId: openvswitchInterfaceIdOf(element),
    checksumOffload: grandchildOf(element, 'driver', 'host')?.getAttribute('csum') !== 'off',
  }
}

function openvswitchInterfaceIdOf(element: Element): string | undefined {
  if (childOf(element, 'virtualport')?.getAttribute('type') !== 'openvswitch') return undefined
  return grandchildOf(element, 'virtualport', 'parameters')?.getAttribute('interfaceid') || undefined
}

/** The element with these edits; whatever else it says stays. */
export function editInterface(xml: string, edits: InterfaceEdits): string {
  const element = parse(xml)
  const set = (child: string, name: string, value: string | undefined) => {
    if (value !== undefined) ensureChild(element, child).setAttribute(name, value)
  }
  set('source', 'bridge', edits.sourceBridge)
  set('target', 'dev', edits.targetDev)
  set('mtu', 'size', edits.mtu?.toString())
  set('alias', 'name', edits.alias)
  if (edits.linkUp !== undefined) set('link', 'state', edits.linkUp ? 'up' : 'down')
  if (edits.openvswitchInterfaceId !== undefined) bindToOpenvswitch(element, edits.openvswitchInterfaceId)
  if (edits.checksumOffload === false) offloadNothing(element)
  return new XMLSerializer().serializeToString(element)
}

function bindToOpenvswitch(element: Element, interfaceId: string): void {
  const port = element.ownerDocument!.createElement('virtualport')
  const old = childOf(element, 'virtualport')
  if (old) element.replaceChild(port, old)
  else element.appendChild(port)
  port.setAttribute('type', 'openvswitch')
  ensureChild(port, 'parameters').setAttribute('interfaceid', interfaceId)
}

/** libvirt's names for what a virtio NIC offers its guest: checksums, and frames larger than the MTU. */
function offloadNothing(element: Element): void {
  const host = ensureChild(ensureChild(element, 'driver'), 'host')
  for (const offload of ['csum', 'gso', 'tso4', 'tso6', 'ecn', 'ufo']) host.setAttribute(offload, 'off')
}

function parse(xml: string): Element {
  const document = parseXml(xml)
  const element = document.documentElement
  if (element?.localName !== 'interface') throw new Error('an <interface> element was expected')
  return element
}

/** Parses XML and throws a plain Error, not longer than a line, on the first thing that is wrong with it. */
export function parseXml(xml: string): Document {
  let wrong: string | undefined
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level === 'warning') return
      wrong ??= message
      throw new Error(wrong)
    },
  })
  try {
    return parser.parseFromString(xml, 'text/xml')
  } catch (error) {
    throw new Error(`malformed XML: ${(wrong ?? (error as Error).message).slice(0, 300)}`)
  }
}

export function childOf(element: Element, name: string): Element | undefined {
  return childrenOf(element).find((child) => child.localName === name)
}

function grandchildOf(element: Element, child: string, name: string): Element | undefined {
  const found = childOf(element, child)
  return found && childOf(found, name)
}

export function childrenOf(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)
}

function ensureChild(element: Element, name: string): Element {
  const found = childOf(element, name)
  if (found) return found
  const made = element.ownerDocument!.createElement(name)
  element.appendChild(made)
  return made
}
