// The host's list of name servers: that of our network with the default route, else what was there before.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { NetworkConfiguration } from './network-configuration.ts'

export interface Resolver {
  /** The file, whole. */
  text(): string
  servers(): string[]
  /** As this configuration wants it. */
  set(configuration: NetworkConfiguration): void
  /** The file as it was while the host had this configuration. */
  putBack(text: string, configuration: NetworkConfiguration): void
}

/** `beforeFile`: where the text is kept that the file had before a network of ours had a say in it, also over a reboot. */
export function createResolver(path: string, beforeFile: string): Resolver {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  // In place: it may be a link, or mounted by itself.
  const write = (text: string) => {
    if (read(path) !== text) writeFileSync(path, text)
  }
  return {
    text: () => read(path),
    servers: () => Array.from(read(path).matchAll(/^nameserver\s+(\S+)/gm), ([, server]) => server!),
    set(configuration) {
      const servers = nameserversOf(configuration)
      if (servers === undefined) {
        if (!existsSync(beforeFile)) return
        write(read(beforeFile))
        return rmSync(beforeFile)
      }
      if (!existsSync(beforeFile)) writeFileSync(beforeFile, read(path), { flush: true })
      if (servers.length > 0) write(withServers(read(beforeFile), servers))
    },
    putBack(text, configuration) {
      write(text)
      if (nameserversOf(configuration) === undefined) rmSync(beforeFile, { force: true })
    },
  }
}

/** undefined: no network of ours has a say in it. Empty: the DHCP server of one says them. */
function nameserversOf({ networks }: NetworkConfiguration): readonly string[] | undefined {
  const leading = Object.values(networks).find(({ defaultRoute }) => defaultRoute)
  const isSaid = leading && (leading.nameservers.length > 0 || leading.bootproto === 'dhcp')
  return isSaid ? leading.nameservers : undefined
}

/** Other lines, such as `search`, stay. */
function withServers(text: string, servers: readonly string[]): string {
  const others = text.split('\n').filter((line) => line !== '' && !/^\s*nameserver\b/.test(line))
  return [...others, ...servers.map((server) => `nameserver ${server}`), ''].join('\n')
}
