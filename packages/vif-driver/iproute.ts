// iproute2: several changes in one process, and reading links without any.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { CommandError, run } from './command.ts'

/**
 * Runs the lines as one `ip -batch`, in this namespace or in a named one. Stops at the first that fails, which the
 * CommandError names.
 */
export async function ipBatch(lines: readonly string[], { netns }: { netns?: string } = {}): Promise<void> {
  if (lines.length === 0) return
  const argv = ['ip', ...(netns ? ['-n', netns] : []), '-batch', '-']
  try {
    await run(argv, { input: `${lines.join('\n')}\n` })
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === undefined) throw error
    throw new CommandError(argv, error.exitCode, withLines(error.stderr, lines), error.message)
  }
}

/** ip names a line that failed by its number. */
const withLines = (stderr: string, lines: readonly string[]) =>
  stderr.replaceAll(/Command failed -:(\d+)/g, (said, number) => {
    const line = lines[Number(number) - 1]
    return line === undefined ? said : `${said}, "${line}"`
  })

/** Like ipBatch, but goes on after a line that fails: for changing what may be gone already. */
export async function ipBatchForce(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return
  try {
    await run(['ip', '-force', '-batch', '-'], { input: `${lines.join('\n')}\n` })
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === undefined) throw error
  }
}

export interface Removal {
  readonly links?: readonly string[]
  /** Names, as `ip netns` shows them. */
  readonly namespaces?: readonly string[]
}

/** Removes what is there of these. Throws the CommandError only when something of it stays. */
export async function removeFromHost({ links = [], namespaces = [] }: Removal): Promise<void> {
  const lines = () => [
    ...links.filter(linkExists).map((link) => `link del ${link}`),
    ...namespaces.filter(namespaceExists).map((namespace) => `netns del ${namespace}`),
  ]
  const found = lines()
  if (found.length === 0) return
  try {
    await run(['ip', '-force', '-batch', '-'], { input: `${found.join('\n')}\n` })
  } catch (error) {
    // A link may go on its own, with its guest, between the look and the command.
    if (!(error instanceof CommandError) || lines().length > 0) throw error
  }
}

export const linkExists = (name: string) => existsSync(`/sys/class/net/${name}`)
export const namespaceExists = (name: string) => existsSync(`/run/netns/${name}`)

/** The links that are ports of a bridge; none when there is no such bridge. */
export function bridgePorts(bridge: string): string[] {
  try {
    return readdirSync(`/sys/class/net/${bridge}/brif`)
  } catch {
    return []
  }
}

/** Whether a link is a bridge port that exchanges no frames with other isolated ports. */
export const isIsolated = (link: string) => read(`/sys/class/net/${link}/brport/isolated`) === '1'

/** Whether a link is a bridge port that forwards frames: up, with carrier, in STP state 3. */
export function forwards(link: string): boolean {
  return read(`/sys/class/net/${link}/brport/state`) === '3' && read(`/sys/class/net/${link}/carrier`) === '1'
}

/** In bytes; undefined when there is no such link. */
export function mtuOf(link: string): number | undefined {
  const mtu = read(`/sys/class/net/${link}/mtu`)
  return mtu === undefined ? undefined : Number(mtu)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
