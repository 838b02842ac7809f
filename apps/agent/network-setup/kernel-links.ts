// The links of this host as the kernel has them: read, and changed with iproute2.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type VdsmErrorName, vdsmError } from '@patchbay/vdsm-rpc/errors.ts'
import { CommandError, run } from '@patchbay/vif-driver/command.ts'
import type { HostRoute } from './layout.ts'

/** As `ip -j -d addr show` prints it. */
export interface Link {
  readonly ifname: string
  readonly address?: string
  readonly mtu: number
  readonly flags?: readonly string[]
  readonly master?: string
  /** What a VLAN is on. */
  readonly link?: string
  readonly link_type: string
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> }
  readonly addr_info: readonly {
    readonly family: string
    readonly local: string
    readonly prefixlen: number
    readonly scope: string
    /** Given by a router or a DHCP server. */
    readonly dynamic?: boolean
  }[]
}

export interface KernelState {
  readonly links: readonly Link[]
  /** Those that somebody set, by their link; not those that come with addresses, from routers, and from our DHCP clients (189). */
  readonly routes: ReadonlyMap<string, readonly HostRoute[]>
  setting(link: string, setting: Ipv6Setting): string | undefined
}

/** One thing to do, in the order of a list. */
export type LinkChange =
  | { readonly ip: string }
  | { readonly route: string; readonly family: 4 | 6 }
  | { readonly setting: Ipv6Setting; readonly link: string; readonly value: string }

/** Below /proc/sys/net/ipv6/conf/<link>/. */
export type Ipv6Setting = 'disable_ipv6' | 'accept_ra' | 'autoconf'

export const ipv6Settings: readonly Ipv6Setting[] = ['disable_ipv6', 'accept_ra', 'autoconf']

export async function readLinks(): Promise<Link[]> {
  return JSON.parse((await run(['ip', '-j', '-d', 'addr', 'show'])).trim() || '[]') as Link[]
}

export async function readKernel(): Promise<KernelState> {
  const [links, routes] = await Promise.all([readLinks(), readRoutes()])
  return { links, routes, setting: readSetting }
}

async function readRoutes(): Promise<Map<string, HostRoute[]>> {
  const routes = new Map<string, HostRoute[]>()
  const tables = await Promise.all([run(['ip', '-4', 'route', 'show']), run(['ip', '-6', 'route', 'show'])])
  for (const [index, table] of tables.entries()) {
    for (const line of table.split('\n').filter((text) => text !== '' && !/ proto (kernel|ra|189)\b/.test(text))) {
      const [, dev = ''] = / dev (\S+)/.exec(line) ?? []
      const route = line.replaceAll(/ (dev \S+|proto boot|metric 1024|pref medium|linkdown|dead)(?= |$)/g, '').trim()
      routes.set(dev, [...(routes.get(dev) ?? []), { family: index === 0 ? 4 : 6, route }])
    }
  }
  return routes
}

/** undefined where the kernel or the link has no IPv6. */
function readSetting(link: string, setting: Ipv6Setting): string | undefined {
  const path = settingPath(link, setting)
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

const settingPath = (link: string, setting: Ipv6Setting) => `/proc/sys/net/ipv6/conf/${link}/${setting}`

/** Stops at the first that fails. Throws VDSM's errors; what the kernel lacks is said as such. */
export async function applyChanges(changes: readonly LinkChange[]): Promise<void> {
  let lines: string[] = []
  let family: 4 | 6 | undefined
  const flush = async () => {
    await ipLines(lines, family)
    lines = []
  }
  for (const change of changes) {
    const next = 'family' in change ? change.family : undefined
    if ('setting' in change || next !== family) await flush()
    family = next
    if ('ip' in change) lines.push(change.ip)
    else if ('route' in change) lines.push(change.route)
    // A kernel without IPv6 has no such files.
    else if (readSetting(change.link, change.setting) !== undefined)
      writeFileSync(settingPath(change.link, change.setting), change.value)
  }
  await flush()
}

async function ipLines(lines: readonly string[], family: 4 | 6 | undefined): Promise<void> {
  if (lines.length === 0) return
  try {
    await run(['ip', ...(family ? [`-${family}`] : []), '-batch', '-'], { input: `${lines.join('\n')}\n` })
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    throw refusal(error, lines)
  }
}

/** iproute2 says which line of its input failed: `Command failed -:3`. */
function refusal(error: CommandError, lines: readonly string[]) {
  const failed = lines[Number(/Command failed -:(\d+)/.exec(error.stderr)?.[1] ?? 1) - 1] ?? ''
  const said = error.stderr.replace(/Command failed -:\d+\s*/, '').trim() || error.message
  const [, kind] = /^link add .* type (vlan|bond|bridge)\b/.exec(failed) ?? []
  if (kind === undefined) return vdsmError('NetworkFailedIfup', `ip ${failed}: ${said}`)
  const lacking = /Unknown device type|not supported/i.test(said)
  return vdsmError(kinds[kind]!, `ip ${failed}: ${said}${lacking ? `: the kernel of this host has no ${kind}` : ''}`)
}

const kinds: Readonly<Record<string, VdsmErrorName>> = {
  vlan: 'NetworkBadVlan',
  bond: 'NetworkBadBonding',
  bridge: 'NetworkBadBridge',
}
