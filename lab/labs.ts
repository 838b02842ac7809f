// The labs of this machine, as found on disk and in the kernel.
import { labNumbers, readLabRecord } from './lab-claim.ts'
import { type HostPlan, holderRecordFile, labDir, planLab, processRecordsDir } from './lab-plan.ts'
import { isAlive, readRecord, readRecords } from './processes/process-record.ts'
import { labResidents } from './removal/lab-residents.ts'

export interface LabStatus {
  number: number
  dir: string
  /** Of the root side on the underlay. */
  address: string
  /** It outlives its creator. */
  keep: boolean
  /** ISO 8601. */
  createdAt: string
  hosts: HostStatus[]
  /** Of the processes alive in the lab: services and whatever runs in its hosts, their holders included. */
  processes: number[]
}

export interface HostStatus {
  name: string
  namespace: string
  address: string
  dir: string
  /** Of the process that holds it; undefined when the host is down. */
  pid: number | undefined
}

export async function listLabs(): Promise<LabStatus[]> {
  return (await labNumbers()).map(labStatus).filter((status) => status !== undefined)
}

function labStatus(number: number): LabStatus | undefined {
  const record = readLabRecord(number)
  // It went down since the directory was listed.
  if (!record) return undefined
  const { dir, address, hosts } = planLab(number, record)
  const { keep, createdAt } = record
  return {
    number,
    dir,
    address,
    keep,
    createdAt,
    hosts: hosts.map(hostStatus),
    processes: processesOf(number, record.id),
  }
}

function hostStatus({ name, namespace, address, dir }: HostPlan): HostStatus {
  const holder = readRecord(holderRecordFile(dir))
  return { name, namespace, address, dir, pid: holder && isAlive(holder) ? holder.pid : undefined }
}

function processesOf(number: number, id: string): number[] {
  const services = readRecords(processRecordsDir(labDir(number))).filter(isAlive)
  return [...new Set([...services.map(({ pid }) => pid), ...labResidents(number, id)])].sort((a, b) => a - b)
}
