// What VM.updateDevice may change of an interface while it is plugged: its link, and where and how it is connected.
import { childOf, editInterface, parseXml, readInterface, unconnected } from '@patchbay/vif-driver/interface-xml.ts'
import { type Element, XMLSerializer } from '@xmldom/xmldom'

export interface InterfaceUpdate {
  /** undefined: as it is; so are the others. */
  readonly linkUp?: boolean | undefined
  /** A bridge of the host; '' for none. */
  readonly bridge?: string | undefined
  /** An interface whose MTU, filter and isolation it gets. */
  readonly like?: string | undefined
}

/** The element with this update; whatever else it says stays. */
export function updatedInterface(xml: string, { linkUp, bridge, like }: InterfaceUpdate): string {
  const mtu = like === undefined ? undefined : readInterface(like).mtu
  // As in VDSM, what is connected to nothing has no carrier.
  const link = bridge === '' ? false : linkUp
  const edited = editInterface(xml, {
    ...(bridge !== undefined && { sourceBridge: bridge || unconnected }),
    ...(mtu !== undefined && { mtu }),
    ...(link !== undefined && { linkUp: link }),
  })
  return like === undefined ? edited : withChildrenOf(edited, like)
}

const copied = ['filterref', 'port']

function withChildrenOf(xml: string, like: string): string {
  const [root, other] = [rootOf(xml), rootOf(like)]
  for (const name of copied) {
    const [old, wanted] = [childOf(root, name), childOf(other, name)]
    if (old) root.removeChild(old)
    if (wanted) root.appendChild(root.ownerDocument!.importNode(wanted, true))
  }
  return new XMLSerializer().serializeToString(root)
}

/** Whether more than the link differs. */
export const isConnectedOtherwise = (before: string, after: string) => connectionOf(before) !== connectionOf(after)

function connectionOf(xml: string): string {
  const root = rootOf(xml)
  const { sourceBridge, mtu, isIsolated } = readInterface(xml)
  const filter = childOf(root, 'filterref')
  const filtered = filter && new XMLSerializer().serializeToString(filter).replaceAll(/>\s+</g, '><')
  return JSON.stringify([sourceBridge, mtu, isIsolated, filtered])
}

const rootOf = (xml: string): Element => parseXml(xml).documentElement!
