// What VMs are made from, and what they can go back to, as rows.
import type { Nic, Vm } from './vms.ts'

/** The template of VMs that are made from nothing. */
export const blankTemplateId = '00000000-0000-0000-0000-000000000000'

export interface Template {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly comment: string
  /** '' for VMs of any cluster. */
  readonly clusterId: string
  /** Bytes. */
  readonly memory: number
  readonly customProperties: Readonly<Record<string, string>>
  readonly creationTime: string
}

export interface TemplateNic extends Pick<Nic, 'id' | 'name' | 'model' | 'linked' | 'plugged' | 'profileId'> {
  readonly templateId: string
}

export interface Snapshot {
  readonly id: string
  readonly vmId: string
  readonly description: string
  /** `preview`: what the VM was before a snapshot was previewed. */
  readonly type: 'regular' | 'preview'
  readonly status: 'ok' | 'in_preview'
  readonly creationTime: string
  readonly configuration: VmConfiguration
}

/** What a VM can go back to: all of it that is not its name, its place and its state. */
export interface VmConfiguration extends Pick<Vm, 'description' | 'memory' | 'customProperties'> {
  readonly nics: readonly Nic[]
}
