// Finds the processes that live in a lab, whoever started them.
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { etcHostsFile, LAB_MARK, namespacePrefix } from '../lab-plan.ts'

const NETNS_DIR = '/run/netns'

/** Names of the lab's network namespaces, hosts and hub. */
export function labNamespaces(number: number): string[] {
  try {
    return readdirSync(NETNS_DIR).filter((name) => name.startsWith(namespacePrefix(number)))
  } catch {
    return []
  }
}

/**
 * Pids of all processes in the lab's network namespaces, in a mount namespace that came from a host (so that network
 * namespaces made inside a host, such as a guest's, count too), or started by a service of the lab with this id.
 */
export function labResidents(number: number, id: string | undefined): number[] {
  const inNetwork = networkMatcher(number)
  const inMounts = id ? mountsMatcher(id) : () => false
  const marked = id ? markMatcher(id) : () => false
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => inNetwork(pid) || inMounts(pid) || marked(pid))
    .map(Number)
}

type Matcher = (pid: string) => boolean

function networkMatcher(number: number): Matcher {
  const stats = labNamespaces(number).map((name) => statSync(join(NETNS_DIR, name), { throwIfNoEntry: false }))
  const networks = stats.filter((stat) => stat !== undefined).map(({ ino }) => `net:[${ino}]`)
  return (pid) => networks.includes(ifAlive(() => readlinkSync(`/proc/${pid}/ns/net`)) ?? '')
}

/** Every host has the lab's name table mounted, and so has every mount namespace copied from it. */
function mountsMatcher(id: string): Matcher {
  // Most processes share one mount namespace: each is looked at once.
  const known = new Map<string, boolean>()
  return (pid) => {
    const namespace = ifAlive(() => readlinkSync(`/proc/${pid}/ns/mnt`)) ?? ''
    if (known.has(namespace)) return known.get(namespace)!
    const mounts = ifAlive(() => readFileSync(`/proc/${pid}/mountinfo`, 'utf8'))
    if (mounts === undefined) return false
    const matches = mounts.includes(`/${etcHostsFile(id)}`)
    known.set(namespace, matches)
    return matches
  }
}

function markMatcher(id: string): Matcher {
  return (pid) => {
    const environment = ifAlive(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    return environment?.split('\0').includes(`${LAB_MARK}=${id}`) ?? false
  }
}

/** Undefined when the process is gone in the meantime, or a zombie. */
function ifAlive(read: () => string): string | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
