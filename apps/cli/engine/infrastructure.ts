// `patchbay datacenter|cluster|host …`: where VMs run.
import type { Command } from 'commander'
import { named, namesIn } from './named.ts'
import { clusterNamed } from './networks.ts'
import { withProgress } from './progress.ts'
import type { EngineSession, Item } from './session.ts'
import { engineVerb, nounOf } from './verb.ts'

const dataCenterNamed = (session: EngineSession, name: string) => named(session, '/datacenters', 'data center', name)
const hostNamed = (session: EngineSession, name: string) => named(session, '/hosts', 'host', name)

export function registerInfrastructure(program: Command): void {
  registerDataCenters(nounOf(program, 'datacenter', 'data centers: networks belong to one, and so do clusters'))
  registerClusters(nounOf(program, 'cluster', 'clusters: hosts that VMs can move between'))
  registerHosts(nounOf(program, 'host', 'hosts'))
}

function registerDataCenters(noun: Command): void {
  engineVerb(noun, 'list', 'the data centers', async (session) => ({
    items: await session.list('/datacenters'),
    columns: [
      ['NAME', ({ name }) => name],
      ['STATUS', ({ status }) => status],
      ['DESCRIPTION', ({ description }) => description],
    ],
  }))
  engineVerb(noun, 'add <name>', 'add one', async (session, [name]) => ({
    item: await session.ask('POST', '/datacenters', { name }),
    done: `data center ${name} was added`,
  }))
  engineVerb(noun, 'remove <data-center>', 'remove one', async (session, [name]) => {
    await session.ask('DELETE', `/datacenters/${(await dataCenterNamed(session, name!)).id}`)
    return { done: `data center ${name} was removed` }
  })
}

function registerClusters(noun: Command): void {
  engineVerb(noun, 'list', 'the clusters', async (session) => {
    const dataCenters = await namesIn(session, '/datacenters')
    return {
      items: await session.list('/clusters'),
      columns: [
        ['NAME', ({ name }) => name],
        ['DATA CENTER', ({ data_center }) => dataCenters(data_center?.id)],
        ['SWITCH', ({ switch_type }) => switch_type],
      ],
    }
  })
  engineVerb(noun, 'add <name>', 'add one', async (session, [name], flags) => {
    const request = { name, data_center: { name: flags.dataCenter }, switch_type: flags.switchType }
    return { done: `cluster ${name} was added`, item: await session.ask('POST', '/clusters', request) }
  })
    .requiredOption('--data-center <name>', 'to which it belongs')
    .option('--switch-type <type>', 'legacy (Linux bridges) or ovs', 'legacy')
  engineVerb(noun, 'remove <cluster>', 'remove one', async (session, [name]) => {
    await session.ask('DELETE', `/clusters/${(await clusterNamed(session, name!)).id}`)
    return { done: `cluster ${name} was removed` }
  })
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

function registerHosts(noun: Command): void {
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
  engineVerb(noun, 'enrol-token <host>', "a one-time token for the host's certificate", async (session, [name]) => {
    const { id } = await hostNamed(session, name!)
    const item = await session.ask('POST', `/hosts/${id}/enroltoken`, {})
    const done = `token       ${item.token}\nexpires     ${item.expires}\nfingerprint ${item.ca_fingerprint}`
    return { done: `${done}\nOn the host: patchbay agent enrol --help`, item }
  })
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
