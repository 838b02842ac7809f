// The XML that an engine sends, for tests.

export interface TestNic {
  readonly mac: string
  /** The port that the driver knows it by. */
  readonly portId: string
  readonly alias: string
  readonly network: string
  /** Of libvirt. */
  readonly filter?: string
  readonly isIsolated?: boolean
  /** Element names and texts; undefined: no `<custom>` at all. */
  readonly custom: Readonly<Record<string, string>> | undefined
}

export interface TestVm {
  readonly vmId: string
  readonly nics: readonly TestNic[]
  readonly name?: string
  readonly custom?: Readonly<Record<string, string>>
  readonly launchPaused?: boolean
}

/** The nth VM; its NICs are told apart from those of all others. */
export function testVm(n: number, nicCount = 1, more: Partial<TestVm> = {}): TestVm {
  const nics = Array.from({ length: nicCount }, (_, index) => testNic(n, index))
  return { vmId: vmIdOf(n), nics, name: `vm${n}`, ...more }
}

export const vmIdOf = (n: number) => `00000000-0000-4000-8000-${hex(n, 12)}`

export function testNic(vm: number, index: number, { pluginType = 'SCRIPTED', ...more }: NicEdits = {}): TestNic {
  const portId = `port-${vm}-${index}`
  return {
    mac: `02:00:${hex(vm, 4).slice(0, 2)}:${hex(vm, 4).slice(2)}:00:${hex(index, 2)}`,
    portId,
    alias: `ua-nic-${vm}-${index}`,
    network: 'blue',
    custom: { vnic_id: portId, provider_type: 'EXTERNAL_NETWORK', plugin_type: pluginType },
    ...more,
  }
}

interface NicEdits extends Partial<TestNic> {
  readonly pluginType?: string
}

export function domainXml({ vmId, name = 'vm', nics, custom = {}, launchPaused }: TestVm): string {
  return [
    `<domain type="kvm" xmlns:ovirt-vm="${namespace}"><name>${name}</name><uuid>${vmId}</uuid>`,
    `<memory>1024</memory><os><type>hvm</type></os><metadata><ovirt-vm:vm>${properties(custom)}`,
    launchPaused === undefined ? '' : `<ovirt-vm:launchPaused type="bool">${launchPaused}</ovirt-vm:launchPaused>`,
    ...nics.map(deviceMetadata),
    `</ovirt-vm:vm></metadata><devices><video/>${nics.map(interfaceXml).join('')}<memballoon/></devices></domain>`,
  ].join('')
}

export function hotplugXml(nic: TestNic): string {
  const metadata = `<metadata><ovirt-vm:vm xmlns:ovirt-vm="${namespace}">${deviceMetadata(nic)}</ovirt-vm:vm></metadata>`
  return `<hotplug><devices>${interfaceXml(nic)}</devices>${metadata}</hotplug>`
}

export const hotunplugXml = (alias: string) =>
  `<hotunplug><devices><interface><alias name="${alias}"/></interface></devices></hotunplug>`

const namespace = 'http://ovirt.org/vm/1.0'

const interfaceXml = ({ mac, alias, network, filter, isIsolated }: TestNic) =>
  `<interface type="bridge"><model type="virtio"/><link state="up"/><source bridge="${network}"/>${isIsolated ? '<port isolated="yes"/>' : ''}<alias name="${alias}"/>` +
  `<mac address="${mac}"/><mtu size="1442"/>${filter ? `<filterref filter="${filter}"/>` : ''}<bandwidth/></interface>`

const deviceMetadata = ({ alias, mac, custom }: TestNic) =>
  `<ovirt-vm:device alias="${alias}" mac_address="${mac}">${custom ? properties(custom) : ''}</ovirt-vm:device>`

const properties = (custom: Readonly<Record<string, string>>) =>
  `<ovirt-vm:custom>${Object.entries(custom)
    .map(([name, value]) => `<ovirt-vm:${name}>${value}</ovirt-vm:${name}>`)
    .join('')}</ovirt-vm:custom>`

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
