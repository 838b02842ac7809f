// Providers on OVN for tests; and the database beside them, as ovn-nbctl and other programs see it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { TestServer } from '@patchbay/ovsdb/testing/ovsdb-server.ts'
import { until } from '../../../../../lab/until.ts'
import { startTestProvider, type TestProvider } from '../../../testing/test-provider.ts'
import type { NorthboundOptions } from '../northbound.ts'

export type Remotes = { readonly remote: string } | readonly { readonly remote: string }[]

export function startOvnProvider(
  t: TestContext,
  servers: Remotes,
  options: Partial<NorthboundOptions> = {},
): Promise<TestProvider> {
  const remotes = [servers].flat().map(({ remote }) => remote)
  return startTestProvider(t, { ovn: { remotes, tls: undefined, ...options } })
}

/** What ovn-nbctl answers, without the line end. */
export async function nbctl({ remote }: TestServer, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('ovn-nbctl', [`--db=${remote}`, '--timeout=10', ...args])
  return stdout.trim()
}

export interface TestNetwork {
  readonly id: string
  readonly subnetId: string
}

export async function makeNetwork(
  { send }: TestProvider,
  cidr = '10.1.0.0/24',
  network: object = {},
): Promise<TestNetwork> {
  const made = await send('POST', '/networks', { network: { name: 'red', ...network } })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const { id } = made.body.network
  const subnet = await send('POST', '/subnets', { subnet: { network_id: id, ip_version: 4, cidr } })
  assert.equal(subnet.status, 201, JSON.stringify(subnet.body))
  return { id, subnetId: subnet.body.subnet.id }
}

/** Makes a port and answers it. */
export async function makePort({ send }: TestProvider, network_id: string, port: object = {}): Promise<any> {
  const { status, body } = await send('POST', '/ports', { port: { network_id, ...port } })
  assert.equal(status, 201, JSON.stringify(body))
  return body.port
}

/** The resource at this path, once the test says that it is right: others' changes take a moment to arrive. */
export async function eventually(
  { send }: TestProvider,
  path: string,
  isRight: (body: any, status: number) => boolean,
): Promise<any> {
  let last: { status: number; body: any } | undefined
  const held = await until(async () => {
    last = await send('GET', path)
    return isRight(last.body, last.status)
  }, 5000)
  assert.ok(held, `${path} stays ${JSON.stringify(last)}`)
  return last!.body
}

export const ipsOf = (port: any): string[] => port.fixed_ips.map(({ ip_address }: any) => ip_address)

/** Makes ports until there are no more addresses; answers their addresses. */
export async function exhaust(provider: TestProvider, network_id: string): Promise<string[]> {
  const ips: string[] = []
  for (;;) {
    const ports = Array.from({ length: 16 }, () => provider.send('POST', '/ports', { port: { network_id } }))
    const answers = await Promise.all(ports)
    for (const { status, body } of answers)
      if (status === 201) ips.push(...ipsOf(body.port))
      else assert.deepEqual([status, body.NeutronError.type], [409, 'IpAddressGenerationFailure'])
    if (answers.some(({ status }) => status === 409)) return ips
  }
}
