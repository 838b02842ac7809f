// Everything about a lab that follows from its number and the names of its hosts: names, addresses, paths.
import { join } from 'node:path'

/** Unix socket paths end at 107 bytes, so every lab lives close to the root. */
export const LABS_DIR = '/run/patchbay-lab'

/** One /24 per lab. */
export const MAX_LAB_NUMBER = 200
const MAX_HOSTS = 100
const FIRST_HOST_ADDRESS = 11

export interface HostPlan {
  name: string
  /** Name of its network namespace, as `ip netns` shows it. */
  namespace: string
  /** On the underlay, without prefix length. */
  address: string
  /** Its files; the same path inside the host and outside. Its private `/run` is `dir/run`, seen from outside. */
  dir: string
  /** Its end of the underlay cable in the hub. */
  hubPort: string
}

export interface LabPlan {
  /** Tells this lab from an earlier or later one with the same number. */
  id: string
  number: number
  dir: string
  /** Network namespace that holds the underlay bridge. */
  hub: string
  /** The lab's one link in the root namespace. */
  rootLink: string
  /** Of the root side on the underlay. */
  address: string
  hosts: HostPlan[]
}

export function planLab(number: number, { id, hosts }: { id: string; hosts: readonly string[] }): LabPlan {
  const dir = labDir(number)
  return {
    id,
    number,
    dir,
    hub: hubNamespace(number),
    rootLink: rootLink(number),
    address: underlayAddress(number, 1),
    hosts: hosts.map((name, index) => ({
      name,
      namespace: namespacePrefix(number) + name,
      address: underlayAddress(number, FIRST_HOST_ADDRESS + index),
      dir: join(dir, name),
      hubPort: `port${FIRST_HOST_ADDRESS + index}`,
    })),
  }
}

/** The lab's own files have a dot in their name, which no host name has. */
export const labDir = (number: number) => join(LABS_DIR, String(number))
export const labFile = (dir: string) => join(dir, 'lab.json')
export const processRecordsDir = (dir: string) => join(dir, 'pids.d')
export const holderRecordFile = (hostDir: string) => join(hostDir, 'holder.json')

/** Environment variable with the lab's id in all services: also what they start in the root namespace is then found. */
export const LAB_MARK = 'PATCHBAY_LAB'

/** Mounted in all hosts. Its name tells a mount namespace of the lab from all others, also those of labs in containers. */
export const etcHostsFile = (id: string) => `etc.hosts.${id}`

export const hubNamespace = (number: number) => `${namespacePrefix(number)}hub`
export const rootLink = (number: number) => `pb${number}`
export const namespacePrefix = (number: number) => `pb${number}-`

// 198.18.0.0/15 is set aside for laboratories (RFC 2544 section C.2.2, RFC 6890): no real network to collide with.
const underlayAddress = (number: number, host: number) => `198.18.${number}.${host}`

/** Throws when the names do not do as host names, namespace names and directories of one lab. */
export function checkHostNames(names: readonly string[]): void {
  if (names.length < 1 || names.length > MAX_HOSTS) throw new Error(`a lab has 1 to ${MAX_HOSTS} hosts`)
  for (const name of names) {
    if (!/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name))
      throw new Error(`host name ${JSON.stringify(name)}: use 1 to 32 of a-z, 0-9 and inner hyphens`)
    if (name === 'hub') throw new Error('host name "hub" is taken by the underlay')
  }
  if (new Set(names).size < names.length) throw new Error(`host names repeat: ${names.join(', ')}`)
}
