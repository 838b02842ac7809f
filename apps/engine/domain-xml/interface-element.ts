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
  /** Of libvirt, by its name. */
  readonly filter?: string
  readonly filterParameters?: readonly { readonly name: string; readonly value: string }[]
  /** Its frames reach no other isolated port of the bridge. */
  readonly isIsolated?: boolean
  /** The network whose frames it gets a copy of. */
  readonly mirrors?: string
  readonly properties: Readonly<Record<string, string>>
}

/** DefaultMTU and TunnelledDefaultMTU: what a network without an MTU of its own gets. */
export const defaultMtu = 1500
export const defaultTunnelMtu = 1442

export const aliasOf = (nicId: string) => `ua-${nicId}`

/** Where libvirt's name is not oVirt's. */
const modelNames: Readonly<Record<string, string>> = { rtl8139_virtio: 'virtio' }

export function interfaceElement(device: VnicDevice): string {
  const { nicId, mac, model, linked, bridge, mtu, isIsolated } = device
  return [
    '<interface type="bridge">',
    `<model type="${modelNames[model] ?? escapeXml(model)}"/>`,
    `<link state="${linked ? 'up' : 'down'}"/>`,
    `<source bridge="${escapeXml(bridge)}"/>`,
    isIsolated ? '<port isolated="yes"/>' : '',
    `<alias name="${aliasOf(nicId)}"/>`,
    `<mac address="${mac}"/>`,
    `<mtu size="${mtu}"/>`,
    filterElement(device),
    '<bandwidth/>',
    '</interface>',
  ].join('')
}

function filterElement({ filter, filterParameters = [] }: VnicDevice): string {
  if (filter === undefined) return ''
  const parameters = filterParameters.map(
    ({ name, value }) => `<parameter name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  )
  const opening = `<filterref filter="${escapeXml(filter)}"`
  return parameters.length === 0 ? `${opening}/>` : `${opening}>${parameters.join('')}</filterref>`
}

/** Names become element names; what is no XML name never gets here. */
export function propertyElements(properties: Readonly<Record<string, string>>): string {
  const elements = Object.entries(properties).map(
    ([name, value]) => `<ovirt-vm:${name}>${escapeXml(value)}</ovirt-vm:${name}>`,
  )
  return `<ovirt-vm:custom>${elements.join('')}</ovirt-vm:custom>`
}

export function deviceMetadata({ nicId, mac, mirrors, properties }: VnicDevice): string {
  const mirroring =
    mirrors === undefined
      ? ''
      : `<ovirt-vm:portMirroring><ovirt-vm:network>${escapeXml(mirrors)}</ovirt-vm:network></ovirt-vm:portMirroring>`
  return `<ovirt-vm:device alias="${aliasOf(nicId)}" mac_address="${mac}">${mirroring}${propertyElements(properties)}</ovirt-vm:device>`
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
