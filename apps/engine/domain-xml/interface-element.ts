// The `<interface>` element of a vNIC and its metadata, as oVirt's engine writes them for VDSM.
import { escapeXml } from './escape-xml.ts'

export interface VnicDevice {
  readonly nicId: string
  readonly mac: string
  readonly model: string
  readonly linked: boolean
  /** VDSM's name of the network. On an external network no such bridge exists: a driver or hook replaces it. */
  readonly bridge: string
  /** Bytes. */
  readonly mtu: number
  readonly properties: Readonly<Record<string, string>>
}

/** TunnelledDefaultMTU: what a network without an MTU of its own gets. */
export const defaultTunnelMtu = 1442

export const aliasOf = (nicId: string) => `ua-${nicId}`

/** Where libvirt's name is not oVirt's. */
const modelNames: Readonly<Record<string, string>> = { rtl8139_virtio: 'virtio' }

export function interfaceElement({ nicId, mac, model, linked, bridge, mtu }: VnicDevice): string {
  return [
    '<interface type="bridge">',
    `<model type="${modelNames[model] ?? escapeXml(model)}"/>`,
    `<link state="${linked ? 'up' : 'down'}"/>`,
    `<source bridge="${escapeXml(bridge)}"/>`,
    `<alias name="${aliasOf(nicId)}"/>`,
    `<mac address="${mac}"/>`,
    `<mtu size="${mtu}"/>`,
    '<bandwidth/>',
    '</interface>',
  ].join('')
}

/** Names become element names; what is no XML name never gets here. */
export function propertyElements(properties: Readonly<Record<string, string>>): string {
  const elements = Object.entries(properties).map(
    ([name, value]) => `<ovirt-vm:${name}>${escapeXml(value)}</ovirt-vm:${name}>`,
  )
  return `<ovirt-vm:custom>${elements.join('')}</ovirt-vm:custom>`
}

export function deviceMetadata({ nicId, mac, properties }: VnicDevice): string {
  return `<ovirt-vm:device alias="${aliasOf(nicId)}" mac_address="${mac}">${propertyElements(properties)}</ovirt-vm:device>`
}

/** The document of VM.hotplugNic. */
export function hotplugDocument(device: VnicDevice): string {
  return `<hotplug><devices>${interfaceElement(device)}</devices><metadata><ovirt-vm:vm xmlns:ovirt-vm="${ovirtNamespace}">${deviceMetadata(device)}</ovirt-vm:vm></metadata></hotplug>`
}

/** The document of VM.hotunplugNic: the alias says it all. */
export function hotunplugDocument(nicId: string): string {
  return `<hotunplug><devices><interface><alias name="${aliasOf(nicId)}"/></interface></devices></hotunplug>`
}

export const ovirtNamespace = 'http://ovirt.org/vm/1.0'
