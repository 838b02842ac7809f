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
  /** With slots for memory, a CPU more than it starts with, and a console. */
  readonly extensible?: boolean
  /** More elements of its devices, and of oVirt's metadata. */
  readonly devices?: string
  readonly metadata?: string
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

export function domainXml({ vmId, name = 'vm', nics, custom = {}, launchPaused, extensible, ...more }: TestVm): string {
  const { devices = '', metadata = '' } = more
  return [
    `<domain type="kvm" xmlns:ovirt-vm="${namespace}"><name>${name}</name><uuid>${vmId}</uuid>`,
    `<memory>1024</memory>${extensible ? roomForMore : ''}<os><type>hvm</type></os><metadata><ovirt-vm:vm>${properties(custom)}`,
    launchPaused === undefined ? '' : `<ovirt-vm:launchPaused type="bool">${launchPaused}</ovirt-vm:launchPaused>`,
    ...nics.map(deviceMetadata),
    metadata,
    `</ovirt-vm:vm></metadata><devices><video/>${devices}${extensible ? graphics : ''}${nics.map(interfaceXml).join('')}<memballoon/></devices></domain>`,
  ].join('')
}

const roomForMore =
  '<maxMemory slots="2" unit="MiB">512</maxMemory><vcpu current="1">2</vcpu>' +
  '<cpu><numa><cell id="0" cpus="0-1" memory="96" unit="MiB"/></numa></cpu>'

/** A console takes a new password if it has had one from the start: engines send one that is over. */
const graphics = '<graphics type="vnc" autoport="yes" passwd="-" passwdValidTo="1970-01-01T00:00:01"/>'

/** A volume of VDSM's storage: a disk of a domain, and its metadata. */
export const volume = (target: string, file: string) => ({
  devices:
    `<disk type="file" device="disk" snapshot="no"><driver name="qemu" type="qcow2" cache="none"/>` +
    `<source file="${file}"><seclabel model="dac"/></source><target dev="${target}" bus="virtio"/></disk>`,
  metadata:
    `<ovirt-vm:device devtype="disk" name="${target}"><ovirt-vm:domainID>d</ovirt-vm:domainID>` +
    `<ovirt-vm:imageID>i</ovirt-vm:imageID><ovirt-vm:poolID>p</ovirt-vm:poolID>` +
    `<ovirt-vm:volumeID>v-${target}</ovirt-vm:volumeID></ovirt-vm:device>`,
})

export interface TestDisk {
  /** As `vdb`. */
  readonly target: string
  readonly alias: string
  readonly file: string
  readonly custom?: Readonly<Record<string, string>>
}

export function hotplugDiskXml({ target, alias, file, custom = {} }: TestDisk): string {
  const metadata = `<ovirt-vm:device devtype="disk" name="${target}">${properties(custom)}</ovirt-vm:device>`
  return (
    `<hotplug><devices><disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="${file}"/>` +
    `<target dev="${target}" bus="virtio"/><readonly/><alias name="${alias}"/></disk></devices>` +
    `<metadata><ovirt-vm:vm xmlns:ovirt-vm="${namespace}">${metadata}</ovirt-vm:vm></metadata></hotplug>`
  )
}

export const hotunplugDiskXml = (alias: string) =>
  `<hotunplug><devices><disk><alias name="${alias}"/></disk></devices></hotunplug>`

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
