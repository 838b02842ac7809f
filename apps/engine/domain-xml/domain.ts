// The domain XML of a VM, as the engine hands it to VM.create.
import type { Vm } from '../store/entities/vms.ts'
import { escapeXml } from './escape-xml.ts'
import {
  deviceMetadata,
  interfaceElement,
  ovirtNamespace,
  propertyElements,
  type VnicDevice,
} from './interface-element.ts'

/** `isPaused`: its CPUs are not to run at first. */
export function domainXml(vm: Vm, devices: readonly VnicDevice[], isPaused = false): string {
  const memoryKib = Math.floor(vm.memory / 1024)
  return [
    `<domain type="qemu" xmlns:ovirt-vm="${ovirtNamespace}">`,
    `<name>${escapeXml(vm.name)}</name>`,
    `<uuid>${vm.id}</uuid>`,
    `<memory unit="KiB">${memoryKib}</memory>`,
    '<vcpu>1</vcpu>',
    '<os><type arch="x86_64" machine="pc">hvm</type></os>',
    '<metadata><ovirt-vm:vm>',
    propertyElements(vm.customProperties),
    isPaused ? '<ovirt-vm:launchPaused type="bool">true</ovirt-vm:launchPaused>' : '',
    ...devices.map(deviceMetadata),
    '</ovirt-vm:vm></metadata>',
    `<devices>${devices.map(interfaceElement).join('')}</devices>`,
    '</domain>',
  ].join('')
}
