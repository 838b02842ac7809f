// `patchbay host …`: hosts of an engine.
import type { Command } from 'commander'
import { editVerb } from '../session/edit-verb.ts'
import { named, namesIn } from '../session/named.ts'
import { withProgress } from '../session/progress.ts'
import type { EngineSession, Item } from '../session/session.ts'
import { engineVerb, nounOf } from '../session/verb.ts'

export const hostNamed = (session: EngineSession, name: string) => named(session, '/hosts', 'host', name)

export function registerHosts(program: Command): void {
  const noun = nounOf(program, 'host', 'hosts')
  engineVerb(noun, 'list', 'the hosts', async (session) => {
    const clusters = await namesIn(session, '/clusters')
    return {
      items: await session.list('/hosts'),
      columns: [
        ['NAME', ({ name }) => name],
        ['ADDRESS', ({ address, port }) => `${address}:${port}`],
        ['CLUSTER', ({ cluster }) => clusters(cluster?.id)],
        ['STATUS', ({ status }) => status],
        ['DETAIL', ({ status_detail }) => status_detail],
      ],
    }
  })
  engineVerb(noun, 'add <name> <address>', 'add one', async (session, [name, address], flags) => {
    const request = { name, address, port: flags.port, cluster: { name: flags.cluster } }
    const item = await session.ask('POST', '/hosts', request)
    return { done: `host ${name} was added. To let it in: patchbay host enrol-token ${name}`, item }
  })
    .requiredOption('--cluster <name>', 'to which it belongs')
    .option('--port <port>', 'of its agent or VDSM', '54321')
  editVerb(noun, 'edit <host>', {
    what: 'host',
    path: async (session, [name]) => `/hosts/${(await hostNamed(session, name!)).id}`,
    request: ({ name, comment, address, port, cluster }) => ({
      name,
      comment,
      address,
      port,
      cluster: cluster === undefined ? undefined : { name: cluster },
    }),
  })
    .option('--name <name>', 'its new name')
    .option('--comment <text>', 'shown beside it in lists')
    .option('--address <address>', 'of its agent; in maintenance only, as are port and cluster')
    .option('--port <port>', 'of its agent or VDSM')
    .option('--cluster <name>', 'to which it goes')
  engineVerb(
    noun,
    'enrol-token <host>',
    "a one-time token for the host's certificate",
    async (session, [name], flags) => {
      const { id } = await hostNamed(session, name!)
      const item = await session.ask('POST', `/hosts/${id}/enroltoken`, {})
      const done = `token       ${item.token}\nexpires     ${item.expires}\nfingerprint ${item.ca_fingerprint}`
      const enrol = `patchbay agent enrol --engine ${flags.engine} --token-file token --ca-fingerprint ${item.ca_fingerprint}`
      return { done: `${done}\nOn the host, with the token in a file:\n  ${enrol}`, item }
    },
  )
  engineVerb(
    noun,
    'revoke-certificate <host>',
    "shut out whoever has the host's certificate",
    async (session, [name]) => {
      await session.ask('POST', `/hosts/${(await hostNamed(session, name!)).id}/revokecertificate`, {})
      return { done: `certificates of host ${name} are revoked` }
    },
  )
  engineVerb(noun, 'activate <host>', 'let it run VMs (again)', async (session, [name]) => {
    await session.ask('POST', `/hosts/${(await hostNamed(session, name!)).id}/activate`, {})
    return { done: `host ${name} is active` }
  })
  engineVerb(noun, 'deactivate <host>', 'into maintenance: its VMs move to others', async (session, [name]) => {
    const { id } = await hostNamed(session, name!)
    await withProgress(session, () => session.ask('POST', `/hosts/${id}/deactivate`, {}))
    return { done: `host ${name} is in maintenance` }
  })
  engineVerb(noun, 'remove <host>', 'remove one that is in maintenance, or away', async (session, [name]) => {
    await session.ask('DELETE', `/hosts/${(await hostNamed(session, name!)).id}`)
    return { done: `host ${name} was removed` }
  })
  engineVerb(noun, 'refresh <host>', 'ask it anew what it has and can do', async (session, [name]) => {
    await session.ask('POST', `/hosts/${(await hostNamed(session, name!)).id}/refresh`, {})
    return { done: `host ${name} told what it has` }
  })
  engineVerb(
    noun,
    'drivers <host>',
    'its drivers, what they can do, and packages on their way',
    async (session, [name]) => ({
      items: await driversOf(session, (await hostNamed(session, name!)).id),
      columns: [
        ['DRIVER', (driver) => driver.name],
        ['VERSION', ({ version }) => version],
        ['SERVES', ({ plugin_types: types }) => types?.plugin_type?.join(' ')],
        ['NETWORKS', ({ network_types: types }) => types?.network_type?.join(' ')],
        ['CAN', ({ features }) => features?.feature?.join(' ')],
        ['PACKAGE', ({ status, progress }) => (status === 'installing' ? `installing, ${progress} %` : status)],
        ['DETAIL', ({ status_detail }) => status_detail],
      ],
    }),
  )
}

/** Those that the host has, and those that it should have; with what became of their packages. */
async function driversOf(session: EngineSession, hostId: string): Promise<Item[]> {
  const [drivers, deployments] = await Promise.all([
    session.list(`/hosts/${hostId}/drivers`),
    session.list(`/hosts/${hostId}/driverdeployments`),
  ])
  const deployed = (name: string) => deployments.find((deployment) => deployment.name === name)
  return [
    ...drivers.map((driver) => ({ ...deployed(driver.name), ...driver })),
    ...deployments.filter(({ name }) => !drivers.some((driver) => driver.name === name)),
  ]
}
