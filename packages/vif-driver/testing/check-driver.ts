// `patchbay driver check`: the suite on the driver that the argument tells of, on hosts of a laboratory.

import { createLab } from '../../../lab/lab.ts'
import { runCommand } from '../../../lab/processes/command.ts'
import type { BedNic, DriverBed } from '../conformance/bed.ts'
import type { DriverManifest } from '../contract.ts'
import { describeVifDriver } from '../describe-driver.ts'
import { bedUnavailable } from './bed-unavailable.ts'
import { carriesPing, type LabPort, labBedHost, labNic } from './lab-bed-host.ts'
import { madeUpNics } from './made-up-nics.ts'

interface Settings {
  readonly path: string
  readonly options?: object
  readonly hosts: number
  readonly prepare?: string
  readonly newPort?: string
  readonly frames: boolean
}

const openMs = 300_000
const { path, options, hosts: hostCount, prepare, newPort, frames } = JSON.parse(process.argv[2] ?? '{}') as Settings
const unavailable = bedUnavailable()
if (unavailable) {
  console.error(`error: the suite cannot run here: ${unavailable}`)
  process.exit(1)
}
// Before the first test: what keeps the driver from starting is told once, and not as the failure of every sentence.
// The timer also keeps the process alive, which nothing else does between two steps of a laboratory.
const bound = setTimeout(() => refuse(new Error(`nothing to test was there after ${openMs / 1000} s`)), openMs)
const bed = await openBed().catch(refuse)
clearTimeout(bound)
describeVifDriver({ name: path, openBed: async () => bed })

function refuse(error: Error): never {
  console.error(`error: ${error.message.trim()}`)
  process.exit(1)
}

async function openBed(): Promise<DriverBed> {
  const lab = await createLab({ hosts: ['host-a', 'host-b'].slice(0, hostCount) })
  try {
    if (prepare !== undefined) for (const host of lab.hosts) await host.exec(['sh', '-c', prepare])
    const hosts = lab.hosts.map((host) => labBedHost(host, options ? { path, options } : { path }))
    const pluginType = (await manifestOf(hosts[0]!)).pluginTypes[0]!
    return {
      hosts,
      newNic: newPort === undefined ? madeUpNics(pluginType) : () => printedNic(newPort, pluginType),
      ...(frames && { carries: carriesPing }),
      [Symbol.asyncDispose]: lab.down,
    }
  } catch (error) {
    await lab.down()
    throw error
  }
}

async function manifestOf(host: DriverBed['hosts'][number]): Promise<DriverManifest> {
  const { driver, kill } = await host.startDriver()
  await kill()
  return driver.manifest
}

async function printedNic(command: string, pluginType: string): Promise<BedNic> {
  const { stdout } = await runCommand(['sh', '-c', command], { timeoutMs: 30_000 })
  const { id, mac, addresses } = JSON.parse(stdout) as Omit<LabPort, 'pluginType'>
  if (typeof id !== 'string' || typeof mac !== 'string' || !Array.isArray(addresses))
    throw new Error(`--new-port printed no {"id", "mac", "addresses"}: ${stdout.trim().slice(0, 200)}`)
  return labNic({ id, mac, addresses, pluginType })
}
