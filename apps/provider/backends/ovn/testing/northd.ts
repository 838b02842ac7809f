// OVN's northd for tests: it makes logical flows of the northbound database, and ovn-trace tells what they do to a packet.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { startOvsdbServer, type TestServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'

export interface Northd {
  /** Resolves when the logical flows are those of the northbound database as it is now. */
  synced(): Promise<void>
  /** What ovn-sbctl answers. */
  sbctl(...args: string[]): Promise<string>
  /** The ports that get a packet which comes from a port of this switch; `flow` in the language of ovn-trace. */
  delivered(switchName: string, flow: string): Promise<string[]>
  /** What becomes of it, flow by flow. A flow that OVN cannot read does nothing. */
  traced(switchName: string, flow: string): Promise<string>
  /** What is done to that packet, without the flows that do it. */
  summary(switchName: string, flow: string): Promise<string>
}

const run = promisify(execFile)
const southboundSchema = '/usr/share/ovn/ovn-sb.ovsschema'

export async function startNorthd(t: TestContext, northbound: TestServer): Promise<Northd> {
  const southbound = await startOvsdbServer(t, { schema: southboundSchema })
  const nb = `--db=${northbound.remote}`
  const sb = `--db=${southbound.remote}`
  await run('ovn-nbctl', [nb, 'init'])
  await run('ovn-sbctl', [sb, 'init'])
  const databases = [`--ovnnb-db=${northbound.remote}`, `--ovnsb-db=${southbound.remote}`]
  const control = `--unixctl=${southbound.file('northd')}`
  const args = ['--pdeathsig', 'KILL', 'ovn-northd', ...databases, control, '-vconsole:off', '-vfile:off']
  const northd = spawn('setpriv', args, { stdio: 'ignore' })
  t.after(async () => {
    const ended = once(northd, 'exit')
    northd.kill('SIGKILL')
    await ended
  })
  async function summary(switchName: string, flow: string): Promise<string> {
    const options = [sb, '--no-friendly-names', '--minimal', '--ct=new', '--ct=new']
    return (await run('ovn-trace', [...options, switchName, flow])).stdout
  }
  return {
    synced: async () => void (await run('ovn-nbctl', [nb, '--timeout=10', '--wait=sb', 'sync'])),
    sbctl: async (...args) => (await run('ovn-sbctl', [sb, '--timeout=10', ...args])).stdout.trim(),
    traced: async (...flow) => (await run('ovn-trace', [sb, '--no-friendly-names', ...flow])).stdout,
    async delivered(switchName, flow) {
      return [...(await summary(switchName, flow)).matchAll(/output\("([^"]+)"\)/g)].map(([, port]) => port!)
    },
    summary,
  }
}
