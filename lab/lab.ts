// The laboratory: hosts as namespaces on this machine with an underlay between them, gone without a trace afterwards.
import { randomUUID } from 'node:crypto'
import type { Stream } from 'node:stream'
import { startHolder } from './hosts/host-holder.ts'
import { type LabHost, labHost } from './hosts/lab-host.ts'
import { connectLinks, createLinks } from './hosts/lab-network.ts'
import { claimLab } from './lab-claim.ts'
import { checkHostNames, type LabPlan } from './lab-plan.ts'
import { labUnavailable } from './lab-unavailable.ts'
import { allDone } from './processes/all-done.ts'
import { rootNamespace } from './processes/command.ts'
import { type LabProcess, type ProcessOptions, startProcess } from './processes/lab-process.ts'
import { removeLabById } from './removal/lab-removal.ts'
import { type Reaper, startReaper } from './removal/reaper.ts'

export interface LabOptions {
  /** Names of 1 to 32 lower-case letters, digits and inner hyphens. */
  hosts: readonly string[]
  /** Let the lab outlive this process; `removeLab(number)` takes it down. */
  keep?: boolean
}

export interface Lab extends AsyncDisposable {
  number: number
  /** This side of the underlay, where services in the root namespace listen for the hosts. */
  address: string
  /** Short (sockets), for files of the whole lab; hosts see only their own `dir`. */
  dir: string
  /** In the order of the options. */
  hosts: LabHost[]
  /** Throws when there is no such host. */
  host(name: string): LabHost
  /** Starts a service in the root namespace that ends with the lab. */
  spawn(argv: readonly string[], options: ProcessOptions): LabProcess
  /** Removes everything of this lab; harmless when that happened already. */
  down(): Promise<void>
}

/** Resolves when the hosts can talk. On failure, nothing of the lab is left. */
export async function createLab(options: LabOptions): Promise<Lab> {
  const unavailable = labUnavailable()
  if (unavailable) throw new Error(`this machine cannot have a lab: ${unavailable}`)
  checkHostNames(options.hosts)

  const { hosts, keep = false } = options
  const record = { id: randomUUID(), hosts: [...hosts], keep, createdAt: new Date().toISOString() }
  const reaper = keep ? undefined : startReaper(record.id)
  const down = () => takeDown(record.id, reaper)
  try {
    const plan = await claimLab(record)
    return lab(plan, await buildHosts(plan, reaper?.lifeline), down)
  } catch (error) {
    await down()
    throw error
  }
}

/** The reaper waits for the end of the lab anyway and does the work; what it could not do is tried again and reported. */
async function takeDown(id: string, reaper: Reaper | undefined): Promise<void> {
  await reaper?.dismiss()
  await removeLabById(id)
}

async function buildHosts(plan: LabPlan, lifeline: Stream | undefined): Promise<LabHost[]> {
  await createLinks(plan, lifeline)
  const [holders] = await allDone([
    allDone(plan.hosts.map((host) => startHolder(plan, host, lifeline))),
    connectLinks(plan, lifeline).then(() => []),
  ])
  return plan.hosts.map((host, index) => labHost(host, plan, holders![index]!))
}

function lab(plan: LabPlan, hosts: LabHost[], down: () => Promise<void>): Lab {
  const { number, address, dir } = plan
  return {
    number,
    address,
    dir,
    hosts,
    host(name) {
      const host = hosts.find((host) => host.name === name)
      if (!host) throw new Error(`lab ${number} has no host ${name}`)
      return host
    },
    spawn: (argv, options) => startProcess(argv, options, { lab: plan, place: rootNamespace, dir }),
    down,
    [Symbol.asyncDispose]: down,
  }
}
