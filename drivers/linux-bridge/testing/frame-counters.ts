// Counts what comes to a host over a network's tunnels, by what it is: guests also send frames that nobody asked for.
import type { LabBedHost } from '@patchbay/vif-driver/testing/lab-bed-host.ts'

const table = 'bridge counted'

/** From now on. `matches`: expressions of nft, in the words in which it lists them. The answer ends it, with the packets of each. */
export async function countFrames({ lab }: LabBedHost, link: string, matches: readonly string[]) {
  const rules = matches.map((match) => `add rule ${table} frames iifname ${link} ${match} counter`)
  const chain = `add chain ${table} frames { type filter hook prerouting priority -300 ; }`
  await lab.exec(['nft', [`add table ${table}`, chain, ...rules].join('\n')])
  return async (): Promise<Record<string, number>> => {
    const { stdout } = await lab.exec(['nft', `list table ${table}`])
    await lab.exec(['nft', `delete table ${table}`])
    const counts = stdout.matchAll(/iifname "\S+" (.+) counter packets (\d+)/g)
    return Object.fromEntries([...counts].map(([, match, packets]) => [match, Number(packets)]))
  }
}
