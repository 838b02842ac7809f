// What VM.updateDevice may change of an interface while it is plugged: its link, and where it is connected.
import { childOf, editInterface, parseXml, readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { type Element, XMLSerializer } from '@xmldom/xmldom'

export interface InterfaceUpdate {
  /** undefined: as it is; so are the others. */
  readonly linkUp?: boolean | undefined
  /** A bridge of the host; '' for none. */
  readonly bridge?: string | undefined
  readonly mtu?: number | undefined
  /** The `<filterref>` element; null: none. */
  readonly filter?: string | null | undefined
}

/** The element with this update; whatever else it says stays. */
export function updatedInterface(xml: string, { linkUp, bridge, mtu, filter }: InterfaceUpdate): string {
  const isUnconnected = bridge === ''
  const edited = editInterface(xml, {
    ...(bridge !== undefined && { sourceBridge: bridge || unconnected }),
    ...(mtu !== undefined && { mtu }),
    // As in VDSM, what is connected to nothing has no carrier.
    ...(isUnconnected ? { linkUp: false } : linkUp !== undefined && { linkUp }),
  })
  return filter === undefined ? edited : withFilter(edited, filter)
}

/** Whether more than the link differs. */
export function isConnectedOtherwise(before: string, after: string): boolean {
  const connection = (xml: string) => {
    const { sourceBridge, mtu } = readInterface(xml)
    return JSON.stringify([sourceBridge, mtu, filterOf(xml)])
  }
  return connection(before) !== connection(after)
}

/** The `<filterref>` of an interface. */
export function filterOf(xml: string): string | null {
  const filter = childOf(rootOf(xml), 'filterref')
  return filter ? new XMLSerializer().serializeToString(filter).replaceAll(/>\s+</g, '><').replaceAll("'", '"') : null
}

function withFilter(xml: string, filter: string | null): string {
  const root = rootOf(xml)
  const old = childOf(root, 'filterref')
  if (old) root.removeChild(old)
  if (filter !== null) root.appendChild(root.ownerDocument!.importNode(rootOf(filter), true))
  return new XMLSerializer().serializeToString(root)
}

const rootOf = (xml: string): Element => parseXml(xml).documentElement!
